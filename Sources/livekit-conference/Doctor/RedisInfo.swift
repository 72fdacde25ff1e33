/// The answer to INFO: lines of `name:value` under headings (https://redis.io/docs/latest/commands/info/).
struct RedisInfo: Sendable {
    private var values: [String: String] = [:]

    init(_ text: String) {
        // Not `split` on characters: "\r\n" is one of them.
        for line in text.utf8.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            let parts = String(Substring(line)).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
    }

    subscript(name: String) -> String? { values[name] }

    func number(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
}
