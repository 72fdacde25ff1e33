import FoundationEssentials
import Platform

@testable import Conference

/// A process that is killed at its n-th step: from then on nothing of it has any effect, until another one takes its place.
final class Killing: Sendable {
    struct Killed: Error {}

    private let state = Lock((passed: 0, point: Int.max, isDead: false))

    /// Steps so far.
    var passed: Int { state.withLock { $0.passed } }

    init(at point: Int = .max) {
        state.withLock { $0.point = point }
    }

    func step() throws {
        try state.withLock { state in
            if state.passed == state.point { state.isDead = true }
            state.passed += 1
            if state.isDead { throw Killed() }
        }
    }

    func restart() { state.withLock { $0.isDead = false } }
}

/// A recording with everything around it.
struct RecordingWorld: Sendable {
    let clock = TestClock()
    let store: MemoryRecordingStore
    let recorder: ScriptedRecorder
    let files: SizedFiles
    let events = KeptEvents()
    let audit = MemoryAudit()
    let driver: RecordingDriver
    let id: RecordingID

    /// - Parameter fault: may throw at each step, by the step's name.
    init(limits: RecordingLimits = RecordingLimits(), fault: @escaping @Sendable (String) throws -> Void = { _ in }) {
        store = MemoryRecordingStore(fault: fault)
        recorder = ScriptedRecorder(fault: fault)
        files = SizedFiles(fault: fault)
        driver = RecordingDriver(
            store: store, recorder: recorder, files: files, events: events, audit: audit, clock: clock, limits: limits)
        let ids = CountingIDs()
        let recording = Recording(
            id: RecordingID(ids.next()), meetingID: MeetingID(ids.next()), requestedBy: nil, kind: .audio,
            createdAt: clock.now, checkAt: clock.now)
        id = recording.id
        store.put(recording)
    }

    /// Nil when it is gone.
    var recording: Recording? { store.all.first { $0.id == id } }

    /// Does what is due now.
    func attend() async throws {
        while let claimed = try await driver.claimNext() { try await driver.attend(claimed) }
    }

    /// Lets time pass and does what is due, until `isOver`; `meanwhile` is what happens outside. Gives up after a day.
    func run(
        restarting killing: Killing? = nil, meanwhile: (Recording) async throws -> Void = { _ in },
        until isOver: (Recording?) -> Bool
    ) async throws {
        var rounds = 0
        while !isOver(recording), rounds < 30_000 {
            do {
                try await attend()
                if let recording { try await meanwhile(recording) }
            } catch is Killing.Killed {
                killing?.restart()
            }
            clock.advance(by: 3)
            rounds += 1
        }
    }

    /// The recorder goes on by itself: begins, and uploads once it was stopped.
    func moveRecorder(size: Int64 = 1000) {
        for egress in recorder.egresses {
            switch egress.status {
            case .starting: recorder.move(egress.id) { _ in .active }
            case .ending:
                for file in egress.files { files.put(file.name, size: Int(size)) }
                recorder.move(egress.id, size: size) { _ in .complete }
            default: break
            }
        }
    }
}
