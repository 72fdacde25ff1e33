import FoundationEssentials
import Platform

/// `doctor`: looks at everything that the videoconference needs, and says what is wrong and what to do about it.
enum DoctorCommand {
    private static let only = CommandOption(
        "only", "ID", "Run this check, or those of a group such as database; may be repeated.")
    private static let skip = CommandOption("skip", "ID", "Leave this check or group out; may be repeated.")
    private static let list = CommandOption("list", nil, "List the checks; run none.")
    private static let json = CommandOption("json", nil, "Print one JSON document at the end.")
    private static let bundle = CommandOption(
        "support-bundle", nil, "Also write the report, units, logs and settings, without secrets, into a tar file.")
    private static let output = CommandOption(
        "output", "FILE", "The bundle's file, which must not be there yet; by default in the current folder.")

    static let command = Command(
        name: "doctor", summary: "Look at everything the videoconference needs, and say what to mend.",
        details: """
            Runs whatever is broken: the configuration, the database, the rights of whoever calls it. What could not be \
            seen is unknown, what isn't there is skip; neither is pass. Run by root on a host with the packages, it reads \
            the service's configuration, looks at the machine as root, and then asks the services as the service's account. \
            It changes nothing; the checks of the storage delete the object that they write. Exits with 0 if all passed or \
            only warned, with 1 if something failed, with 77 if nothing failed but something could not be seen.
            """,
        options: ConfigurationOptions.serving + [only, skip, list, json, bundle, output],
        examples: [
            .init("doctor", "Check this host."),
            .init("doctor --only database --only redis.persistence", "Some of it."),
            .init("doctor --json --skip names", "For monitoring, without the check of names."),
            .init("doctor --support-bundle", "Collect what others need to help; its owner's alone."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        try arguments.requireNoOperands()
        let checks = try chosen(arguments)
        if arguments.has(list) {
            let width = checks.map(\.id.count).max() ?? 0
            for check in checks { context.print("\(check.id.padded(to: width))  whether \(check.title)") }
            return .success
        }
        let isJSON = arguments.has(json)
        guard arguments.has(bundle) || !arguments.has(output) else {
            throw UsageError("--output is for --support-bundle")
        }
        let now = Date()
        let file =
            try arguments.has(bundle)
            ? SupportBundleFile(arguments.value(output) ?? SupportBundleFile.defaultPath(now: now)) : nil
        let host = DoctorHost(settings: DoctorSettings(arguments, context))
        let output = DoctorOutput(checks, context)
        if !isJSON { output.begin() }
        let hear = { @Sendable (entry: DoctorReport.Entry) in if !isJSON { output.note(entry) } }
        var entries = await ofHost(checks, host, hear)
        // Before the rights to see it are given up.
        var folder = arguments.has(bundle) ? try await DoctorRunner.onThread { SupportFolder(host) } : nil
        entries += try await ofServices(checks, host, context, hear)
        let order = Dictionary(uniqueKeysWithValues: checks.enumerated().map { ($1.id, $0) })
        let report = DoctorReport(entries: entries.sorted { (order[$0.check.id] ?? 0) < (order[$1.check.id] ?? 0) })
        context.print(isJSON ? report.json : "\n" + report.summary)
        if let file {
            folder?.add("report.json", report.json + "\n")
            if let folder { try file.write(folder, now: now) }
            context.printError("support bundle: \(file.path)")
        }
        return report.status
    }

    /// What the machine shows to whoever runs the program.
    private static func ofHost(
        _ checks: [DoctorCheck], _ host: DoctorHost, _ onResult: @escaping @Sendable (DoctorReport.Entry) -> Void
    ) async -> [DoctorReport.Entry] {
        await DoctorRunner.run(checks.filter(\.isOfHost), onResult) { check in
            await DoctorRunner.finding(check) {
                try await DoctorRunner.onThread { Result { try check.look(at: host) } }.get()
            }
        }
    }

    /// What services say to the account that the API runs as.
    private static func ofServices(
        _ checks: [DoctorCheck], _ host: DoctorHost, _ context: CommandContext,
        _ onResult: @escaping @Sendable (DoctorReport.Entry) -> Void
    ) async throws -> [DoctorReport.Entry] {
        let checks = checks.filter { !$0.isOfHost }
        guard !checks.isEmpty else { return [] }
        if host.settings.isInstalled, host.isRoot, let account = ServiceAccount() { try account.become() }
        return try await withServices(host.settings, context) { services in
            await DoctorRunner.run(checks, onResult) { check in
                await DoctorRunner.finding(check) { try await check.ask(services) }
            }
        }
    }

    private static func withServices(
        _ settings: DoctorSettings, _ context: CommandContext,
        _ body: (DoctorServices) async -> [DoctorReport.Entry]
    ) async throws -> [DoctorReport.Entry] {
        let loop = try EventLoop(name: "command")
        try loop.start()
        defer { loop.stop() }
        // What goes wrong is said by the checks.
        let level = settings.parts.program?.logLevel ?? .critical
        let format = settings.parts.program?.logFormat ?? .text
        let log = Logger(
            component: "command", level: max(level, .critical),
            sink: format.makeSink(journalStream: context.environment["JOURNAL_STREAM"]))
        let services = await DoctorServices(settings, loop: loop, log: log)
        let entries = await body(services)
        await services.stop()
        return entries
    }

    /// - Throws: ``UsageError`` for an id that no check or group has.
    private static func chosen(_ arguments: CommandArguments) throws(UsageError) -> [DoctorCheck] {
        let wanted = arguments.values(only)
        let unwanted = arguments.values(skip)
        for id in wanted + unwanted where !DoctorCheck.all.contains(where: { $0.matches(id) }) {
            let known = DoctorCheck.all.map(\.id)
            throw UsageError("\"\(id)\" is no check" + suggestion(for: id, among: known) + "; see doctor --list")
        }
        let checks = DoctorCheck.all.filter { check in
            (wanted.isEmpty || wanted.contains(where: check.matches)) && !unwanted.contains(where: check.matches)
        }
        guard !checks.isEmpty else { throw UsageError("--only and --skip leave no check") }
        return checks
    }
}
