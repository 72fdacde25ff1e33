/// Where the program runs, from `APP_ENV`: how much is given by default and how much is refused depends on it.
public enum DeploymentEnvironment: String, CaseIterable, Sendable {
    /// A developer's machine: everything has a working default.
    case local
    /// Set up like production, with warnings where production refuses plain connections.
    case staging
    case production
}
