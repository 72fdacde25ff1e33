/// Turns passwords into hashes that cost memory and time to guess.
///
/// Both functions may throw `ConferenceError.busy` when too much of this work is queued already.
public protocol PasswordHashing: Sendable {
    func hash(_ password: String) async throws -> PasswordHash
    /// Compares in constant time. With `hash` nil it does the same work and returns `.wrong`, so that the time an answer
    /// takes doesn't tell whether an account exists.
    func verify(_ password: String, against hash: PasswordHash?) async throws -> PasswordVerification
}
