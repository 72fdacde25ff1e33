/// A password's or passcode's hash in PHC string format. Never printed, so that no log shows one by accident.
public struct PasswordHash: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The PHC string, for stores and hashers only.
    public let phc: String

    public init(phc: String) {
        self.phc = phc
    }

    public var description: String { "(password hash)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The outcome of comparing a password with a hash.
public enum PasswordVerification: Hashable, Sendable {
    /// `needsRehash`: the hash was made with weaker parameters than today's.
    case correct(needsRehash: Bool)
    case wrong
}
