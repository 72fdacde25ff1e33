/// The places that a value may come from. The later wins: the `.env` file, systemd's credentials (secrets only), the
/// environment, the command line. An empty value counts as none.
public struct SettingSources: Sendable {
    public var file: EnvironmentFile?
    public var credentials: CredentialsDirectory?
    public var environment: [String: String]
    /// Values from the command line, by the variable's name.
    public var flags: [String: String]

    public init(
        file: EnvironmentFile? = nil, credentials: CredentialsDirectory? = nil, environment: [String: String] = [:],
        flags: [String: String] = [:]
    ) {
        self.file = file
        self.credentials = credentials
        self.environment = environment
        self.flags = flags
    }

    struct Found {
        let value: String
        let origin: String
    }

    /// - Throws: ``InvalidSetting`` when a credential exists and can't be read.
    func find(_ setting: SettingDescription) throws(InvalidSetting) -> Found? {
        if let value = flags[setting.name], !value.isEmpty { return Found(value: value, origin: "the command line") }
        if let value = environment[setting.name], !value.isEmpty {
            return Found(value: value, origin: "the environment")
        }
        if setting.isSecret, let credentials, let value = try credentials.read(setting.name), !value.isEmpty {
            return Found(value: value, origin: "the credential \(credentials.path(of: setting.name))")
        }
        if let file, let entry = file.entries[setting.name], !entry.value.isEmpty {
            return Found(value: entry.value, origin: "\(file.path), line \(entry.line)")
        }
        return nil
    }

    /// Where the variable is set to nothing, to tell a forgotten value from a forgotten variable.
    func originOfEmpty(_ name: String) -> String? {
        if environment[name]?.isEmpty == true { return "the environment" }
        if let file, let entry = file.entries[name], entry.value.isEmpty { return "\(file.path), line \(entry.line)" }
        return nil
    }
}
