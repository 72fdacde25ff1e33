/// One part of a command: its name, a key or a value. Binary-safe.
///
/// String and integer literals and interpolations are arguments, too: `["SET", "key", "\(value)", "PX", 1000]`.
public enum RedisArgument: Hashable, Sendable {
    case text(String)
    case bytes([UInt8])
    case integer(Int)

    public init(_ text: String) { self = .text(text) }
    public init(_ bytes: [UInt8]) { self = .bytes(bytes) }
    public init(_ integer: Int) { self = .integer(integer) }
}

extension RedisArgument: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
}
