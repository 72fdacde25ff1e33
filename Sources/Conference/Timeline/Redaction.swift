/// Takes out of texts what must not leave the server with them: e-mail addresses, tokens, keys, signatures, codes of links.
/// For texts that other programs or people wrote; our own fields are chosen one by one.
public enum Redaction {
    /// Words of ASCII that are longer are taken for secrets, unless they are UUIDs.
    private static let longestWord = 31

    public static func redact(_ text: String) -> String {
        var result = ""
        var word = ""
        for character in text {
            if isSeparator(character) {
                result += redacted(word)
                word = ""
                result.append(character)
            } else {
                word.append(character)
            }
        }
        return result + redacted(word)
    }

    private static func isSeparator(_ character: Character) -> Bool {
        character.isWhitespace || "\"'<>()[]{},;/?&=|".contains(character)
    }

    private static func redacted(_ word: String) -> String {
        if word.contains("@") { return "[e-mail]" }
        let core = String(word.drop { ":.!".contains($0) }.reversed().drop { ":.!".contains($0) }.reversed())
        if JoinCode(core) != nil { return "[link]" }
        if core.utf8.count > longestWord, core.utf8.allSatisfy({ $0 < 0x80 }), Identifier<Never>(core) == nil {
            return "[secret]"
        }
        if core.hasPrefix("eyJ"), core.contains(".") { return "[secret]" }
        return word
    }
}
