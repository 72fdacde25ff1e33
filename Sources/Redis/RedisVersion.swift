/// A server's version, compared by major and minor number.
public struct RedisVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// The oldest that is accepted.
    public static let minimum = RedisVersion(major: 7, minor: 0)

    public let major: Int
    public let minor: Int

    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `7.0.15` and the like.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", maxSplits: 2)
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }

    public var description: String { "\(major).\(minor)" }

    public static func < (left: RedisVersion, right: RedisVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
