/// The name others see. Cleaned of control characters and of direction overrides, which would let one person's name
/// rearrange the text around it.
public struct DisplayName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Throws `ConferenceError.invalid` with `field` when nothing readable is left or the name is too long.
    public init(_ raw: String, field: String = "displayName") throws {
        let cleaned = Text.singleLine(raw)
        if let problem = Text.lengthProblem(
            cleaned, characters: Limits.displayNameCharacters, bytes: Limits.displayNameBytes)
        {
            throw ConferenceError.invalid([FieldProblem(field, problem)])
        }
        text = cleaned
    }

    /// For values that were valid when they were stored.
    public init(stored: String) {
        text = stored
    }

    public var description: String { text }
}
