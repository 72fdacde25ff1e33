/// A reply of the server (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec/).
public enum RedisValue: Hashable, Sendable {
    case null
    case integer(Int)
    /// A bulk string: any bytes.
    case bytes([UInt8])
    /// A simple string, such as `OK`.
    case status(String)
    case array([RedisValue])
    /// An error inside a pipeline's or a script's replies; a single command throws it instead.
    case error(RedisServerError)
}

extension RedisValue {
    public var isNull: Bool { self == .null }

    /// The bytes of a bulk or simple string.
    public var bytes: [UInt8]? {
        switch self {
        case .bytes(let bytes): bytes
        case .status(let text): Array(text.utf8)
        default: nil
        }
    }

    /// The text of a bulk or simple string; nil also for bytes that are not UTF-8.
    public var string: String? {
        switch self {
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        case .status(let text): text
        default: nil
        }
    }

    /// The number of an integer reply, or of a string in decimal.
    public var integer: Int? {
        switch self {
        case .integer(let integer): integer
        default: string.flatMap { Int($0) }
        }
    }

    public var array: [RedisValue]? {
        if case .array(let values) = self { values } else { nil }
    }
}

/// An error reply.
public struct RedisServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The error's first word, such as `WRONGTYPE`.
    public let code: String
    /// The whole text, code included.
    public let message: String

    public init(message: String) {
        self.message = message
        code = String(message.prefix { $0 != " " })
    }

    public var description: String { message }

    /// Whether the server can't serve anyone at the moment, so that what helps against its absence helps here, too.
    var meansUnavailable: Bool {
        ["LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "READONLY", "NOREPLICAS"].contains(code)
    }
}
