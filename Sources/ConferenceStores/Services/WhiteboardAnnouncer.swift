import Conference
import Platform

/// Announces boards' changes: at once after a quiet time, then at most one each `pause` for a board, always with the
/// newest revision in the end.
public final class WhiteboardAnnouncer: WhiteboardAnnouncing, Service {
    public let name = "whiteboard-announcer"

    private struct Change {
        let meeting: MeetingID
        let revision: Int
    }

    private struct State {
        var pending: [WhiteboardID: Change] = [:]
        var isStopped = false
        var task: Task<Void, Never>?
    }

    private let events: any MeetingEventPublishing
    private let clock: any WallClock
    private let pause: Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private let state = Lock(State())

    public init(
        events: any MeetingEventPublishing, clock: any WallClock = SystemWallClock(),
        pause: Duration = .milliseconds(500),
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.events = events
        self.clock = clock
        self.pause = pause
        self.sleep = sleep
    }

    public func changed(_ board: WhiteboardID, in meeting: MeetingID, revision: Int) {
        state.withLock { state in
            guard !state.isStopped else { return }
            // Requests may arrive here in another order than they were committed in.
            if let known = state.pending[board], known.revision >= revision { return }
            state.pending[board] = Change(meeting: meeting, revision: revision)
            if state.task == nil { state.task = Task { [self] in await announce() } }
        }
    }

    public func start() async throws {}

    /// What is pending is still announced.
    public func stop() async {
        let task = state.withLock { state in
            state.isStopped = true
            return state.task
        }
        task?.cancel()
        await task?.value
    }

    private func announce() async {
        while let changes = take() {
            for (board, change) in changes {
                await events.publish(
                    MeetingEvent(
                        .whiteboardChanged, in: change.meeting, at: clock.now,
                        data: ["whiteboardId": .string(board.description), "revision": .integer(change.revision)]))
            }
            // Cancelled: the rest goes out without a pause.
            try? await sleep(pause)
        }
    }

    /// What to announce now; nil, and no task any more, when there is nothing.
    private func take() -> [WhiteboardID: Change]? {
        state.withLock { state in
            if state.pending.isEmpty {
                state.task = nil
                return nil
            }
            defer { state.pending = [:] }
            return state.pending
        }
    }
}
