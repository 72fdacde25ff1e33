import Platform

/// A service's URL as it was written, with passwords, and its parts.
struct ServiceAddress: Hashable, Sendable, CustomStringConvertible {
    /// Secret.
    let text: String
    let url: ServiceURL

    /// Without the password.
    var description: String { url.description }
}
