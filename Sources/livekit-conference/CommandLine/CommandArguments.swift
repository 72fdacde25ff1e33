import CLinux
import Glibc
import Platform

/// The arguments of a command, as getopt_long(3) understands them: options in any order, `--name value` or `--name=value`,
/// names shortened as long as they are unambiguous, and `--` before what only looks like an option.
struct CommandArguments: Sendable {
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]

    /// getopt_long keeps its state in globals.
    private static let lock = Lock(())

    /// - Throws: ``UsageError`` for an unknown option, a missing value or a value where none belongs.
    init(_ arguments: [String], options: [CommandOption]) throws(UsageError) {
        var result: Result<Void, UsageError> = .success(())
        Self.lock.withLock { _ in
            withCArguments(["livekit-conference"] + arguments) { count, vector in
                withOptionTable(options) { table in
                    lkc_getopt_reset()
                    result = parse(count, vector, table, options)
                }
            }
        }
        try result.get()
    }

    private mutating func parse(
        _ count: Int32, _ vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, _ table: UnsafePointer<option>,
        _ options: [CommandOption]
    ) -> Result<Void, UsageError> {
        while true {
            let found = getopt_long(count, vector, ":", table, nil)
            switch found {
            case -1:
                for position in Int(lkc_getopt_index())..<Int(count) {
                    if let operand = vector[position] { operands.append(String(cString: operand)) }
                }
                return .success(())
            case firstOptionValue...:
                let value = lkc_getopt_argument().map { String(cString: $0) } ?? ""
                values[options[Int(found - firstOptionValue)].name, default: []].append(value)
            case 0x3a:
                return .failure(UsageError("\(previous(vector)) needs a value"))
            default:
                return .failure(unknown(previous(vector), options))
            }
        }
    }

    /// The argument that getopt_long has just looked at.
    private func previous(_ vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> String {
        vector[Int(lkc_getopt_index()) - 1].map { String(cString: $0) } ?? ""
    }

    private func unknown(_ argument: String, _ options: [CommandOption]) -> UsageError {
        guard argument.hasPrefix("--") else {
            return UsageError("\(argument) is no option: options are spelled out, such as --help")
        }
        let name = String(argument.dropFirst(2).prefix { $0 != "=" })
        if let option = options.first(where: { $0.name == name }), option.value == nil {
            return UsageError("--\(name) takes no value")
        }
        let candidates = options.map(\.name).filter { $0.hasPrefix(name) }
        if candidates.count > 1 {
            return UsageError("--\(name) could be \(candidates.map { "--" + $0 }.joined(separator: " or "))")
        }
        return UsageError(
            "--\(name) is no option of this command" + suggestion(for: name, among: options.map(\.name)) { "--" + $0 })
    }

    /// Whether the option was given.
    func has(_ option: CommandOption) -> Bool { values[option.name] != nil }

    /// The last value given for the option.
    func value(_ option: CommandOption) -> String? { values[option.name]?.last }

    /// All values given for the option, in order.
    func values(_ option: CommandOption) -> [String] { values[option.name] ?? [] }

    /// - Throws: ``UsageError`` when the option was not given or is empty.
    func require(_ option: CommandOption) throws(UsageError) -> String {
        guard let value = value(option), !value.isEmpty else { throw UsageError("\(option.synopsis) is missing") }
        return value
    }

    /// - Throws: ``UsageError`` when there are operands, where a command takes none.
    func requireNoOperands() throws(UsageError) {
        if let operand = operands.first { throw UsageError("\"\(operand)\" is one argument too many") }
    }
}

/// Above every character that getopt_long returns by itself.
private let firstOptionValue: Int32 = 256

private func withCArguments(
    _ arguments: [String], _ body: (Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Void
) {
    // getopt_long moves the pointers about, so those to free are kept apart.
    let copies = arguments.map { strdup($0) }
    var vector = copies + [nil]
    body(Int32(copies.count), &vector)
    for copy in copies { free(copy) }
}

private func withOptionTable(_ options: [CommandOption], _ body: (UnsafePointer<option>) -> Void) {
    let names = options.map { strdup($0.name) }
    // Options of equal values would not count as ambiguous.
    var table = options.indices.map { index in
        let argument = options[index].value == nil ? no_argument : required_argument
        return option(name: names[index], has_arg: argument, flag: nil, val: firstOptionValue + Int32(index))
    }
    table.append(option(name: nil, has_arg: 0, flag: nil, val: 0))
    body(table)
    for name in names { free(name) }
}
