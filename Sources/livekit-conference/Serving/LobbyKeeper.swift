import Conference
import Platform

/// Ends the waiting of those in lobbies whom no host answers. Every instance does it; each knock ends once.
final class LobbyKeeper: Service {
    let name = "lobby keeper"
    private let lobby: LobbyService
    private let interval: Duration
    private let log: Logger
    private let clock: any Clock<Duration>
    private let isReady: @Sendable () -> Bool
    private let task = Lock<Task<Void, Never>?>(nil)

    init(
        lobby: LobbyService, interval: Duration = .seconds(30), log: Logger,
        clock: any Clock<Duration> = ContinuousClock(), isReady: @escaping @Sendable () -> Bool
    ) {
        self.lobby = lobby
        self.interval = interval
        self.log = log.with(component: "lobby")
        self.clock = clock
        self.isReady = isReady
    }

    func start() async throws {
        let task = Task { await work() }
        self.task.withLock { $0 = task }
    }

    func stop() async {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    private func work() async {
        while true {
            do { try await clock.sleep(for: interval) } catch { return }
            guard isReady() else { continue }
            do {
                let count = try await lobby.endUnansweredKnocks()
                if count > 0 { log.info("knocks that nobody answered have ended", ["count": "\(count)"]) }
            } catch is CancellationError {
                return
            } catch {
                // The database's own log says more; who waits sees the end of their waiting all the same.
                log.debug("unanswered knocks could not be ended", ["reason": "\(error)"])
            }
        }
    }
}
