import Glibc
import Testing

@testable import Platform

@Suite(.timeLimit(.minutes(1))) struct SignalHandlerTests {
    @Test func theFirstRequestIsHandedOverAndTheSecondForces() async throws {
        let first = Signal<SignalHandler.Request>()
        let second = Signal<SignalHandler.Request>()
        let started = Signal<Void>()
        let handler = SignalHandler(onSecond: { second.send($0) }, onRequest: { first.send($0) })
        // Signals for the thread alone: other threads of the test process would die of them.
        let thread = try await blockingSignals { try handler.start() }
        started.send(())
        #expect(pthread_kill(thread, SIGTERM) == 0)
        #expect(await first.next() == .terminate)
        #expect(pthread_kill(thread, SIGINT) == 0)
        #expect(await second.next() == .interrupt)
    }

    /// A thread inherits the mask of the one that starts it, so that no signal can come before it blocks them itself.
    private func blockingSignals<Value: Sendable>(_ body: () throws -> Value) async throws -> Value {
        var everything = sigset_t()
        var before = sigset_t()
        sigfillset(&everything)
        pthread_sigmask(SIG_BLOCK, &everything, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return try body()
    }
}
