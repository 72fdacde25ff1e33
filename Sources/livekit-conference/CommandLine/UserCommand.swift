import Conference
import ConferenceStores
import Platform
import Postgres
import Redis

/// `user`: accounts from the command line, above all the first administrator.
enum UserCommand {
    private static let email = CommandOption("email", "EMAIL", "The account's e-mail address.")
    private static let displayName = CommandOption(
        "name", "NAME", "The name that others see; by default from the address.")
    private static let admin = CommandOption("admin", nil, "Make the new account an administrator.")
    private static let passwordFile = CommandOption(
        "password-file", "FILE", "Read the password from this file's first line; - for standard input.")

    static let command = Command(
        name: "user", summary: "Add, list, disable accounts, or set a password.",
        usage: "add|list|disable|enable|set-password [options]",
        details: """
            Without --password-file a password is made and printed once. Passwords are never taken from the command line, \
            where other users of the machine could read them.
            """,
        options: ConfigurationOptions.common + [email, displayName, admin, passwordFile],
        examples: [
            .init("user add --admin --email admin@example.org", "Make the first administrator, with a new password."),
            .init("user list", "Show all accounts."),
            .init("user disable --email someone@example.org", "Shut an account out, and end its sessions."),
            .init("user set-password --email someone@example.org --password-file -", "Read a new password."),
        ],
        run: run)

    @Sendable private static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) async throws -> CommandStatus {
        guard let action = arguments.operands.first, arguments.operands.count == 1 else {
            throw UsageError("say what to do: add, list, disable, enable or set-password")
        }
        let work: @Sendable (AccountsAtHand) async throws -> Void
        switch action {
        case "add":
            let address = try arguments.require(email)
            work = { try await add(address, arguments, context, $0) }
        case "list": work = { try await list(context, $0) }
        case "disable", "enable", "set-password":
            let address = try arguments.require(email)
            work = { try await change(action, address, arguments, context, $0) }
        default: throw UsageError("\"\(action)\" is none of add, list, disable, enable and set-password")
        }
        return try await ConfiguredCommand.run(arguments, context) { command in
            do {
                try await AccountsAtHand.with(command, work)
                return .success
            } catch let error as ConferenceError {
                context.printError("livekit-conference: \(describe(error))")
                return .dataError
            }
        }
    }

    private static func add(
        _ address: String, _ arguments: CommandArguments, _ context: CommandContext, _ accounts: AccountsAtHand
    ) async throws {
        let (password, isNew) = try password(arguments, context)
        let name = arguments.value(displayName) ?? String(address.prefix { $0 != "@" })
        let account = try await accounts.service.create(
            AccountDraft(
                email: address, displayName: name, role: arguments.has(admin) ? .admin : .member, password: password),
            by: nil)
        context.print("added \(account.email) (\(account.role.rawValue))")
        if isNew { context.print("password: \(password)") }
    }

    private static func list(_ context: CommandContext, _ accounts: AccountsAtHand) async throws {
        var before: AccountID?
        while true {
            let page = try await accounts.store.accounts(before: before, limit: 100)
            for account in page {
                let state = account.isActive ? "" : "  disabled"
                context.print("\(account.email)  \(account.role.rawValue)  \(account.displayName)\(state)")
            }
            guard let last = page.last, page.count == 100 else { return }
            before = last.id
        }
    }

    private static func change(
        _ action: String, _ address: String, _ arguments: CommandArguments, _ context: CommandContext,
        _ accounts: AccountsAtHand
    ) async throws {
        guard let found = try await accounts.store.credentials(email: try EmailAddress(address)) else {
            throw ConferenceError.notFound(.account)
        }
        let id = found.account.id
        switch action {
        case "disable":
            _ = try await accounts.service.change(id, AccountChange(isDisabled: true), by: nil)
            context.print("disabled \(found.account.email)")
        case "enable":
            _ = try await accounts.service.change(id, AccountChange(isDisabled: false), by: nil)
            context.print("enabled \(found.account.email)")
        default:
            let (password, isNew) = try password(arguments, context)
            _ = try await accounts.service.setPassword(password, of: id, by: nil)
            context.print("set the password of \(found.account.email); its sessions have ended")
            if isNew { context.print("password: \(password)") }
        }
    }

    /// The password from a file or standard input, else a new one of 128 random bits.
    private static func password(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws -> (password: String, isNew: Bool) {
        guard let path = arguments.value(passwordFile) else {
            let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
            let letters = SystemRandomSource().bytes(26).map { alphabet[Int($0) % alphabet.count] }
            return (String(letters), true)
        }
        let text = path == "-" ? try context.readInput() : try SmallFile.read(path, limit: 4096)
        return (String(text.prefix { $0 != "\n" && $0 != "\r\n" }), false)
    }

    private static func describe(_ error: ConferenceError) -> String {
        guard case .invalid(let problems) = error else { return "\(error)" }
        return problems.map { "\($0.field) \($0.message)" }.joined(separator: "; ")
    }
}

/// The accounts with what they need, for one command.
struct AccountsAtHand: Sendable {
    let service: AccountService
    let store: PostgresAccountStore

    static func with(
        _ command: ConfiguredCommand, _ body: @Sendable (AccountsAtHand) async throws -> Void
    ) async throws {
        let configuration = command.configuration
        let loops = [command.loop]
        let postgres = Postgres(
            configuration: configuration.database.configuration, loops: loops, log: command.log)
        let redis = Redis(configuration: configuration.redis.configuration, loops: loops, log: command.log)
        try await postgres.start()
        try await redis.start()
        let store = PostgresAccountStore(postgres)
        let sessions = RedisSessionStore(
            redis: redis, secret: configuration.sessions.secret, lifetimes: configuration.sessions.lifetimes,
            log: command.log
        ) { _ in nil }
        let service = AccountService(
            accounts: store, hasher: Argon2PasswordHasher(), sessions: sessions, audit: PostgresAuditLog(postgres),
            clock: SystemWallClock(), ids: UUIDv7Generator())
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(AccountsAtHand(service: service, store: store)))
        } catch {
            result = .failure(error)
        }
        await redis.stop()
        await postgres.stop()
        try result.get()
    }
}
