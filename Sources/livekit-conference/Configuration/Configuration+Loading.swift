import Platform

extension Configuration {
    /// A configuration that would work, and what the operator should know nevertheless.
    struct Loaded: Sendable {
        let configuration: Configuration
        let warnings: [ConfigurationProblem]
    }

    /// Reads and checks every setting.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong.
    static func load(_ sources: SettingSources) throws(ConfigurationError) -> Loaded {
        let parts = ConfigurationParts(sources)
        guard let configuration = parts.whole else {
            throw ConfigurationError(problems: parts.problems, warnings: parts.warnings)
        }
        return Loaded(configuration: configuration, warnings: parts.warnings)
    }
}

/// Everything that is wrong with the configuration, at once.
struct ConfigurationError: Error, CustomStringConvertible {
    let problems: [ConfigurationProblem]
    let warnings: [ConfigurationProblem]

    var description: String {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return "The configuration has \(count):\n\n" + problems.map { "\($0)\n" }.joined(separator: "\n")
    }
}
