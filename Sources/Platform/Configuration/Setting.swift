/// An environment variable together with the type of its value.
public struct Setting<Value: Sendable>: Sendable {
    public let description: SettingDescription
    let parse: @Sendable (String) throws(InvalidSetting) -> Value

    /// - Parameter parse: reads the text of the variable, which is never empty.
    public init(_ description: SettingDescription, parse: @escaping @Sendable (String) throws(InvalidSetting) -> Value)
    {
        self.description = description
        self.parse = parse
    }

    public var name: String { description.name }
}

/// What is wrong with a value, as the end of a sentence that starts with the variable's name:
/// "must be a whole number from 1 to 64".
public struct InvalidSetting: Error, Hashable, Sendable {
    public let message: String

    public init(_ message: String) { self.message = message }
}
