/// Why some bytes are not the JSON that is taken here.
struct JSONSyntaxError: Error, Equatable {
    enum Reason: String, Sendable {
        case notUTF8 = "the text is not UTF-8"
        case unexpectedEnd = "the text ends too early"
        case unexpectedCharacter = "there is a character that can't be here"
        case badNumber = "the number is malformed or too large"
        case badEscape = "the escape in a string is malformed"
        case loneSurrogate = "half of a surrogate pair stands alone"
        case controlCharacter = "a control character in a string is not escaped"
        case duplicateName = "an object has the same name twice"
        case tooDeep = "arrays and objects are nested too deep"
    }

    let reason: Reason
    /// Bytes before the place.
    let offset: Int
}
