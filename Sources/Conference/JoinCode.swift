/// The secret part of a meeting's link, such as `k3mf-9x2c-7tqa-0dvn-8hwz`.
///
/// Whoever has the link may ask to join without an account, so the code must not be found by trying: 20 characters of
/// 5 bits make 100 bits. With a million meetings and a thousand guesses a second the first hit takes 10^13 years. Shorter
/// codes would do behind a rate limit, but limits fall back to the process's memory when Redis is away.
///
/// The alphabet (Crockford's base 32) has no `i`, `l`, `o` and `u`; reading maps the first three to the digits they
/// resemble and ignores case and hyphens.
public struct JoinCode: Hashable, Sendable, CustomStringConvertible {
    /// The canonical form: lower case, five groups of four.
    public let text: String

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let length = 20

    public init(random: any RandomSource) {
        // 256 is a multiple of 32, so the low five bits of a random byte are uniform.
        let symbols = random.bytes(Self.length).map { Self.alphabet[Int($0 & 31)] }
        text = Self.grouped(symbols)
    }

    /// Reads a code as people type it; nil when it can't be one.
    public init?(_ raw: String) {
        guard raw.utf8.count <= 64 else { return nil }
        var symbols: [UInt8] = []
        for byte in raw.utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
            guard let symbol = Self.symbol(byte) else { return nil }
            symbols.append(symbol)
        }
        guard symbols.count == Self.length else { return nil }
        text = Self.grouped(symbols)
    }

    /// For values that were valid when they were stored.
    public init(stored: String) {
        text = stored
    }

    public var description: String { text }

    private static func symbol(_ byte: UInt8) -> UInt8? {
        let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
        switch lower {
        case UInt8(ascii: "o"): return UInt8(ascii: "0")
        case UInt8(ascii: "i"), UInt8(ascii: "l"): return UInt8(ascii: "1")
        default: return alphabet.contains(lower) ? lower : nil
        }
    }

    private static func grouped(_ symbols: [UInt8]) -> String {
        let groups = stride(from: 0, to: symbols.count, by: 4).map { symbols[$0..<min($0 + 4, symbols.count)] }
        return String(decoding: Array(groups.joined(separator: [UInt8(ascii: "-")])), as: UTF8.self)
    }
}
