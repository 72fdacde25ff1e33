import Platform
import Postgres

/// Opens the way for requests once the database's schema is one that the program can serve.
///
/// While PostgreSQL is away or migrations are pending it looks again and again; everything else is an operator's work, so
/// the start fails.
final class SchemaGate: Service {
    enum State: Equatable, Sendable {
        case waiting(reason: String)
        case good
    }

    let name = "schema"
    private let runner: MigrationRunner
    private let log: Logger
    private let onState: @Sendable (State) -> Void
    private let waiting = Lock<Task<Void, Never>?>(nil)

    init(runner: MigrationRunner, log: Logger, onState: @escaping @Sendable (State) -> Void) {
        self.runner = runner
        self.log = log
        self.onState = onState
    }

    /// - Throws: ``MigrationError`` that waiting can't mend, such as a schema too new for the program.
    func start() async throws {
        do {
            try await runner.verify()
            onState(.good)
        } catch let error where SchemaGate.mayPass(error) {
            log.warning("not ready: waiting for the database", ["reason": "\(error)"])
            onState(.waiting(reason: "\(error)"))
            let task = Task { await wait() }
            waiting.withLock { $0 = task }
        }
    }

    func stop() async {
        waiting.withLock { $0 }?.cancel()
    }

    private func wait() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .milliseconds(500))
                try await runner.verify()
                log.notice("the database is there and its schema is good")
                return onState(.good)
            } catch  where SchemaGate.mayPass(error) {
                continue
            } catch {
                if !Task.isCancelled { log.critical("the database can't be used", ["reason": "\(error)"]) }
                return
            }
        }
    }

    private static func mayPass(_ error: any Error) -> Bool {
        if let error = error as? PostgresError {
            if case .unsupportedServer = error { return false }
            return true
        }
        return (error as? MigrationError)?.mayPass ?? false
    }
}
