/// An e-mail address in the one form in which it is stored and compared: trimmed, lower case, ASCII.
///
/// Accepts the dot-atom form of RFC 5322 with a domain name of at least two labels. International domain names are given
/// in their ASCII form. Quoted local parts and address literals are refused: nobody signs in with them, and they hide
/// look-alikes.
public struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Throws `ConferenceError.invalid` with `field`.
    public init(_ raw: String, field: String = "email") throws {
        guard let normalised = Self.normalise(raw) else {
            throw ConferenceError.invalid([FieldProblem(field, "must be an e-mail address such as name@example.com")])
        }
        text = normalised
    }

    /// For values that were valid when they were stored.
    public init(stored: String) {
        text = stored
    }

    public var description: String { text }

    private static func normalise(_ raw: String) -> String? {
        let trimmed = raw.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        let bytes = trimmed.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        guard bytes.count <= Limits.emailBytes else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, isLocalPart(parts[0]), isDomain(parts[1]) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isLocalPart(_ part: ArraySlice<UInt8>) -> Bool {
        guard (1...Limits.emailLocalPartBytes).contains(part.count) else { return false }
        return part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy {
                !$0.isEmpty && $0.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
            }
    }

    private static func isDomain(_ part: ArraySlice<UInt8>) -> Bool {
        let labels = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2 else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count)
                && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
                && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
