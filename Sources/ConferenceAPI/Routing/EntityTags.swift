/// The entity tags of `If-Match`, and the tags of versions.
enum EntityTags: Equatable {
    case any
    /// Their opaque parts; weak ones are left out, as they never match strongly (RFC 9110, section 8.8.3.2).
    case strong([String])

    /// What is no list of tags matches nothing, so that a change on a condition that can't be read is not made.
    init(_ text: String) {
        if text == "*" {
            self = .any
            return
        }
        let parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        self = .strong(parts.compactMap(EntityTags.opaquePart))
    }

    /// The text between the quotes of a strong tag.
    private static func opaquePart(_ part: Substring.UTF8View) -> String? {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        var tag = part.drop(while: isBlank)
        while let last = tag.last, isBlank(last) { tag = tag.dropLast() }
        let quote = UInt8(ascii: "\"")
        guard tag.count >= 2, tag.first == quote, tag.last == quote else { return nil }
        return String(decoding: tag.dropFirst().dropLast(), as: UTF8.self)
    }

    /// The tag of a version, as `ETag` has it.
    static func tag(of version: Int) -> String { "\"\(version)\"" }

    func contains(_ version: Int) -> Bool {
        switch self {
        case .any: true
        case .strong(let tags): tags.contains(String(version))
        }
    }
}
