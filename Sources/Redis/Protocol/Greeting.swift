/// The first commands of a connection, sent together, and the judgement of their replies.
struct Greeting {
    private enum Step { case authenticate, name, select, version, ping }

    let commands: [[RedisArgument]]
    private let steps: [Step]
    private let database: Int

    init(_ configuration: RedisConfiguration) {
        var commands: [[RedisArgument]] = []
        var steps: [Step] = []
        if let password = configuration.password {
            let user: [RedisArgument] = configuration.user.map { [.text($0)] } ?? []
            commands.append(["AUTH"] + user + [.text(password.text)])
            steps.append(.authenticate)
        }
        commands.append(["CLIENT", "SETNAME", .text(configuration.clientName)])
        steps.append(.name)
        if configuration.database != 0 {
            commands.append(["SELECT", .integer(configuration.database)])
            steps.append(.select)
        }
        commands += [["INFO", "server"], ["PING"]]
        steps += [.version, .ping]
        self.commands = commands
        self.steps = steps
        database = configuration.database
    }

    /// The version found on a server that accepts us.
    func judge(_ replies: [RedisValue]) throws(RedisError) -> String {
        var version = ""
        for (step, reply) in zip(steps, replies) {
            if case .error(let error) = reply { try judge(error, at: step) }
            if step == .version { version = try acceptedVersion(in: reply) }
        }
        return version
    }

    private func judge(_ error: RedisServerError, at step: Step) throws(RedisError) {
        if error.meansUnavailable { throw .unavailable(error.message) }
        if error.code == "NOAUTH" { throw .authentication("the server wants a password; put it into the URL") }
        switch step {
        // The reply's text could repeat what was sent.
        case .authenticate: throw .authentication("check user name and password in the URL (\(error.code))")
        // A label for people: a user without the right to set it can work all the same.
        case .name: return
        case .select: throw .configuration("database \(database) can't be selected: \(error.message)")
        case .version:
            throw .authentication("the user may not run INFO, which tells the version; grant it +info (\(error.code))")
        case .ping: throw .authentication("the user may not run PING; grant it +ping (\(error.code))")
        }
    }

    private func acceptedVersion(in reply: RedisValue) throws(RedisError) -> String {
        let prefix = "redis_version:"
        let lines = (reply.string ?? "").split(whereSeparator: \.isNewline)
        guard let found = lines.first(where: { $0.hasPrefix(prefix) })?.dropFirst(prefix.count),
            let version = RedisVersion(found)
        else { throw .unavailable("the server does not tell its version; is it Redis?") }
        guard version >= .minimum else { throw .unsupportedVersion(found: String(found)) }
        return String(found)
    }
}
