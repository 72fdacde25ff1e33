import Platform

/// The configuration as `doctor` found it, wrong or right.
struct DoctorSettings: Sendable {
    /// Where the Debian package keeps it.
    static let installedFile = "/etc/livekit-conference/livekit-conference.env"
    static let installedCredentials = "/etc/livekit-conference/credentials"

    let parts: ConfigurationParts
    /// All that is wrong, lines of the file that can't be read included.
    let problems: [ConfigurationProblem]
    /// The file that settings come from; nil when they come from the environment alone.
    let file: String?
    /// Whether this is the configuration of the installed service, with its credentials.
    let isInstalled: Bool
    /// What is set, by name, wrong or right: with secrets.
    let values: [String: String]

    /// Reads the file that is named, else the installed service's, else `.env`. Never fails: that is what a check is for.
    init(_ arguments: CommandArguments, _ context: CommandContext) {
        let named = arguments.value(ConfigurationOptions.environmentFile)
        isInstalled = named == nil && SmallFile.exists(Self.installedFile)
        let local = context.defaultEnvironmentFile.flatMap { SmallFile.exists($0) ? $0 : nil }
        file = named ?? (isInstalled ? Self.installedFile : local)
        var entries: EnvironmentFile?
        var wrongLines: [ConfigurationProblem] = []
        if let file {
            do {
                entries = try EnvironmentFile(path: file)
            } catch {
                (entries, wrongLines) = (error.rest, error.problems)
            }
        }
        let credentials =
            isInstalled
            ? CredentialsDirectory(Self.installedCredentials) : CredentialsDirectory(environment: context.environment)
        let parts = ConfigurationParts(ConfigurationOptions.sources(entries, credentials, arguments, context))
        self.parts = parts
        var values: [String: String] = [:]
        for setting in Settings.all {
            var value = entries?.entries[setting.name]?.value
            if setting.isSecret, let credential = try? credentials?.read(setting.name), !credential.isEmpty {
                value = credential
            }
            if let set = context.environment[setting.name], !set.isEmpty { value = set }
            values[setting.name] = value?.isEmpty == true ? nil : value
        }
        self.values = values
        let unreadable = entries?.unreadableNames ?? []
        problems = wrongLines + parts.problems.filter { $0.origin != nil || !unreadable.contains($0.subject) }
    }

    /// Every secret, and the passwords inside of addresses; the longest first. What is shorter than a word is left out.
    var secrets: [String] {
        let set = Settings.all.filter(\.isSecret).compactMap { values[$0.name] }
        let passwords = set.compactMap { (try? ServiceURL($0))?.password }
        return Set(set + passwords).filter { $0.utf8.count >= 6 }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// A part of the configuration.
    ///
    /// - Throws: ``DoctorFinding`` where it is wrong, so that what depends on it can't be seen.
    func require<Part>(_ part: KeyPath<ConfigurationParts, Part?>, _ settings: String) throws(DoctorFinding) -> Part {
        if let part = parts[keyPath: part] { return part }
        throw .unknown("the settings \(settings) are not complete", "See configuration.settings.")
    }
}
