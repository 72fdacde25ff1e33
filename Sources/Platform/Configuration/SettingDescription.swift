/// One environment variable: what operators need to know of it, without its type.
public struct SettingDescription: Sendable {
    public let name: String
    /// What it is for and which values it takes, in a sentence or two.
    public let purpose: String
    public let example: String
    public let presence: Presence
    /// Never shown, and also read from systemd's credentials.
    public let isSecret: Bool

    public init(
        _ name: String, _ purpose: String, example: String, _ presence: Presence, isSecret: Bool = false
    ) {
        self.name = name
        self.purpose = purpose
        self.example = example
        self.presence = presence
        self.isSecret = isSecret
    }

    /// What holds when the variable is not set.
    public enum Presence: Sendable {
        /// It must be set, everywhere.
        case required
        /// It may be left out, and then nothing takes its place.
        case optional
        /// The value used everywhere.
        case fallback(String)
        /// The value used for local development; elsewhere it must be set.
        case localFallback(String)
        /// One value for local development, another one elsewhere.
        case fallbacks(local: String, elsewhere: String)
    }

    /// The value used in an environment when the variable is not set.
    public func fallback(in environment: DeploymentEnvironment) -> String? {
        switch presence {
        case .required, .optional: nil
        case .fallback(let value): value
        case .localFallback(let value): environment == .local ? value : nil
        case .fallbacks(let local, let elsewhere): environment == .local ? local : elsewhere
        }
    }

    public func isRequired(in environment: DeploymentEnvironment) -> Bool {
        switch presence {
        case .required: true
        case .localFallback: environment != .local
        case .optional, .fallback, .fallbacks: false
        }
    }
}
