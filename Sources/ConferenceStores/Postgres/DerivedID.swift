import FoundationEssentials

/// Ids of rows that must exist once, whichever way we learn of what they stand for.
enum DerivedID {
    /// A version 8 UUID (RFC 9562, section 5.8) of the SHA-256 of the parts.
    static func make(_ parts: String...) -> UUID {
        var bytes = Array(SHA256.digest(of: Array(parts.joined(separator: "\0").utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x80
        bytes[8] = bytes[8] & 0x3f | 0x80
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
