/// The parameters of a query, decoded as `application/x-www-form-urlencoded` (URL Standard, section 5.1), in their order.
public struct QueryParameters: Sendable {
    private let pairs: [(name: String, value: String)]

    public init() { pairs = [] }

    /// - Throws: ``HTTPProblem`` 400 when an escape is broken, or the text is not UTF-8 or holds NUL.
    public init(encoded: some StringProtocol) throws(HTTPProblem) {
        var pairs: [(name: String, value: String)] = []
        for pair in encoded.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try PercentEncoding.decode(parts[0], plusIsSpace: true)
            let value = parts.count > 1 ? try PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
            pairs.append((name: name, value: value))
        }
        self.pairs = pairs
    }

    public var isEmpty: Bool { pairs.isEmpty }

    public subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    public func values(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    public var names: [String] { pairs.map(\.name) }
}
