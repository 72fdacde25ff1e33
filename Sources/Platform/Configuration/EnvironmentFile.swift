/// A `.env` file: lines of `NAME=value`, without any expansion.
///
/// A value is bare (no white space, quotes or backslashes inside), in single quotes (taken as it is) or in double quotes
/// (with `\n`, `\t`, `\"`, `\\` and `\$`). `export` before the name, blank lines and comments after `#` are accepted.
public struct EnvironmentFile: Sendable {
    public struct Entry: Hashable, Sendable {
        public let value: String
        public let line: Int
    }

    /// The file's name, for messages.
    public let path: String
    public private(set) var entries: [String: Entry] = [:]
    /// Names that lines which are wrong would have set, as far as they can be told.
    public private(set) var unreadableNames: Set<String> = []

    private static let sizeLimit = 1024 * 1024

    /// Reads a file.
    ///
    /// - Throws: ``EnvironmentFileError`` when it can't be read, or with every line that is wrong.
    public init(path: String) throws(EnvironmentFileError) {
        let text: String
        do {
            text = try SmallFile.read(path, limit: Self.sizeLimit)
        } catch {
            throw EnvironmentFileError([
                ConfigurationProblem(subject: path, message: "can't be read: \(SystemError.message(of: error.code))")
            ])
        }
        try self.init(text: text, path: path)
    }

    /// - Throws: ``EnvironmentFileError`` with every line that is wrong.
    public init(text: String, path: String) throws(EnvironmentFileError) {
        self.path = path
        var problems: [ConfigurationProblem] = []
        // Not `split` on characters: "\r\n" is one of them.
        let lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
        for (index, bytes) in lines.enumerated() {
            let number = index + 1
            let line = String(Substring(bytes))
            do throws(InvalidSetting) {
                try add(EnvironmentFileLine.parse(line), line: number)
            } catch {
                if let name = EnvironmentFileLine.name(in: line) { unreadableNames.insert(name) }
                problems.append(ConfigurationProblem(subject: "\(path), line \(number):", message: error.message))
            }
        }
        if !problems.isEmpty { throw EnvironmentFileError(problems, rest: self) }
    }

    private mutating func add(_ assignment: EnvironmentFileLine?, line: Int) throws(InvalidSetting) {
        guard let assignment else { return }
        if let earlier = entries[assignment.name] {
            throw InvalidSetting("\(assignment.name) is already set in line \(earlier.line)")
        }
        entries[assignment.name] = Entry(value: assignment.value, line: line)
    }
}

/// What is wrong with a `.env` file, line by line. Values are never shown, since they may be secret.
public struct EnvironmentFileError: Error, CustomStringConvertible {
    public let problems: [ConfigurationProblem]
    /// The lines that are right; nil when the file can't be read at all.
    public let rest: EnvironmentFile?

    init(_ problems: [ConfigurationProblem], rest: EnvironmentFile? = nil) {
        self.problems = problems
        self.rest = rest
    }

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
