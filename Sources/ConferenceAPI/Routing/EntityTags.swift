/// The entity tags of `If-Match`, and the tags of versions.
enum EntityTags: Equatable {
    case any
    /// Their opaque parts; weak ones are left out, as they never match strongly (RFC 9110, section 8.8.3.2).
    case strong([String])

    /// Nil when the text is no list of tags.
    init?(_ text: String) {
        if text == "*" {
            self = .any
            return
        }
        var strong: [String] = []
        for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let tag = EntityTags.trimOneSpace(part) else { return nil }
            let isWeak = tag.starts(with: "W/".utf8)
            let quoted = isWeak ? tag.dropFirst(2) : tag
            guard quoted.count >= 2, quoted.first == UInt8(ascii: "\""), quoted.last == UInt8(ascii: "\"") else {
                return nil
            }
            let opaque = quoted.dropFirst().dropLast()
            guard opaque.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") }) else { return nil }
            if !isWeak { strong.append(String(decoding: opaque, as: UTF8.self)) }
        }
        guard text.utf8.first != 0x20, text.utf8.last != 0x20 else { return nil }
        self = .strong(strong)
    }

    private static func trimOneSpace(_ part: Substring.UTF8View) -> Substring.UTF8View? {
        var part = part
        if part.first == 0x20 { part = part.dropFirst() }
        if part.last == 0x20 { part = part.dropLast() }
        return part.isEmpty ? nil : part
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
