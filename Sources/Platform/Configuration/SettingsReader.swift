/// Reads settings one after the other and collects everything that is wrong with them.
public struct SettingsReader {
    public let environment: DeploymentEnvironment
    public private(set) var problems: [ConfigurationProblem] = []
    public private(set) var warnings: [ConfigurationProblem] = []
    private let sources: SettingSources

    public init(_ sources: SettingSources, environment: DeploymentEnvironment) {
        self.sources = sources
        self.environment = environment
    }

    /// The value of a setting that has a fallback or must be set; nil when something was wrong, which is then a problem.
    public mutating func read<Value>(_ setting: Setting<Value>) -> Value? {
        do {
            if let found = try sources.find(setting.description) {
                return try setting.parse(found.value)
            }
            if let fallback = setting.description.fallback(in: environment) { return try setting.parse(fallback) }
            let isEmpty = sources.originOfEmpty(setting.name) != nil
            report(setting.description, isEmpty ? "is set but empty" : "is missing")
            return nil
        } catch {
            report(setting.description, error.message)
            return nil
        }
    }

    /// The value of a setting that may be left out: nil inside when it is, nil outside when something was wrong.
    public mutating func readOptional<Value>(_ setting: Setting<Value>) -> Value?? {
        do {
            guard let found = try sources.find(setting.description) else { return .some(nil) }
            return try setting.parse(found.value)
        } catch {
            report(setting.description, error.message)
            return nil
        }
    }

    /// Adds a problem with a setting that only became apparent together with others.
    public mutating func report(_ setting: SettingDescription, _ message: String) {
        problems.append(ConfigurationProblem(setting, message, origin: origin(of: setting)))
    }

    /// Adds something the operator should know, which doesn't keep the program from starting.
    public mutating func warn(_ setting: SettingDescription, _ message: String) {
        warnings.append(ConfigurationProblem(setting, message, origin: origin(of: setting)))
    }

    private func origin(of setting: SettingDescription) -> String? {
        if let found = try? sources.find(setting) { return found.origin }
        return sources.originOfEmpty(setting.name)
    }
}
