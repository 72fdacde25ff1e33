/// One thing that is wrong with the configuration, or only doubtful.
public struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// The variable, or the file and line.
    public let subject: String
    /// What is wrong, as the end of a sentence that starts with the subject.
    public let message: String
    /// Where the value comes from, such as `.env, line 3`.
    public let origin: String?
    public let purpose: String?
    public let example: String?

    public init(subject: String, message: String) {
        self.init(subject: subject, message: message, origin: nil, purpose: nil, example: nil)
    }

    public init(_ setting: SettingDescription, _ message: String, origin: String?) {
        self.init(
            subject: setting.name, message: message, origin: origin, purpose: setting.purpose,
            example: "\(setting.name)=\(setting.example)")
    }

    private init(subject: String, message: String, origin: String?, purpose: String?, example: String?) {
        self.subject = subject
        self.message = message
        self.origin = origin
        self.purpose = purpose
        self.example = example
    }

    public var description: String {
        var text = "\(subject) \(message)"
        if let origin { text += " (from \(origin))" }
        if let purpose { text += "\n    what for: \(purpose)" }
        if let example { text += "\n    example:  \(example)" }
        return text
    }
}
