import FoundationEssentials
import Testing

@testable import Conference

@Suite struct RecordingStateMachineTests {
    typealias Machine = RecordingStateMachine

    static let start = Date(timeIntervalSince1970: 1_800_000_000)
    static let key = recording(.requested).objectKey
    static let limits = RecordingLimits(retention: .seconds(86_400))

    /// A recording as it may be stored in this state. `isKnown`: the recorder's name for it is known.
    static func recording(_ state: RecordingState, isKnown: Bool = true) -> Recording {
        let id = RecordingID("0199f0c9-3b77-7e12-b5c4-8d1f2a6e7c95")!
        let meeting = MeetingID("0199f0c4-11d8-7b02-8f4a-2f6b7c9d0e13")!
        var recording = Recording(
            id: id, meetingID: meeting, requestedBy: nil, kind: .audio, createdAt: start, state: state, checkAt: start)
        if state != .requested { recording.startAttempts = 1 }
        guard state != .requested, isKnown else { return recording }
        recording.egressID = "EG_1"
        recording.egressStatus =
            [
                .starting: .starting, .active: .active, .ending: .ending, .uploaded: .complete, .ready: .complete,
                .failed: .failed, .deleting: .complete,
            ][state]
        if state != .starting { recording.startedAt = start }
        guard [.uploaded, .ready, .deleting].contains(state) else {
            if state == .failed { recording.failure = "It failed." }
            return recording
        }
        recording.sizeBytes = 1000
        recording.endedAt = start + 10
        if state == .ready { recording.readyAt = start + 11 }
        return recording
    }

    static func egress(
        _ status: MediaEgress.Status, id: String = "EG_1", size: Int64 = 1000, error: String? = nil
    ) -> MediaEgress {
        MediaEgress(
            id: id, roomName: "0199f0c4-11d8-7b02-8f4a-2f6b7c9d0e13", status: status,
            startedAt: status == .starting ? nil : start + 1, endedAt: status.isFinal ? start + 10 : nil, error: error,
            files: [.init(name: key, size: status.isFinal ? size : 0, duration: .seconds(9))])
    }

    /// The clock was ahead when the state began.
    @Test func aStateThatBeganInTheFutureCountsFromNow() {
        for state in [RecordingState.requested, .starting, .active, .ending, .uploaded, .deleting] {
            var machine = Machine(Self.recording(state), limits: Self.limits)
            let now = Self.start - 3600
            machine.apply(.time, at: now)
            #expect(machine.recording.state == state)
            #expect(machine.recording.stateSince == now)
        }
    }

    static let inputs: [(String, Machine.Input)] = [
        ("begin", .begin), ("answered", .answered(egress(.starting))), ("refused", .refused("No.")),
        ("noRoom", .noRoom), ("unlisted", .unlisted), ("starting", .report(egress(.starting))),
        ("active", .report(egress(.active))), ("ending", .report(egress(.ending))),
        ("complete", .report(egress(.complete))), ("empty", .report(egress(.complete, size: 0))),
        ("limit", .report(egress(.limitReached))), ("broken", .report(egress(.failed, error: "x"))),
        ("aborted", .report(egress(.aborted))), ("other", .report(egress(.active, id: "EG_2"))),
        ("unknown", .unknown), ("stop", .stop), ("seen", .object(size: 1000)), ("missing", .object(size: nil)),
        ("short", .object(size: 999)), ("delete", .delete), ("time", .time),
    ]

    /// What becomes of each state by each input soon after the state began. What isn't named here stays as it is.
    static let soon: [String: [String: RecordingState]] = [
        "requested": [
            "begin": .starting, "answered": .starting, "starting": .starting, "active": .active, "ending": .ending,
            "complete": .uploaded, "limit": .uploaded, "empty": .failed, "broken": .failed, "aborted": .failed,
            "other": .active, "stop": .failed,
        ],
        "asked": [
            "refused": .requested, "noRoom": .failed, "active": .active, "ending": .ending, "complete": .uploaded,
            "limit": .uploaded, "empty": .failed, "broken": .failed, "aborted": .failed, "other": .active,
        ],
        "starting": [
            "active": .active, "ending": .ending, "complete": .uploaded, "limit": .uploaded, "empty": .failed,
            "broken": .failed, "aborted": .failed, "stop": .ending,
        ],
        "active": [
            "ending": .ending, "complete": .uploaded, "limit": .uploaded, "empty": .failed, "broken": .failed,
            "aborted": .failed, "stop": .ending,
        ],
        "ending": [
            "complete": .uploaded, "limit": .uploaded, "empty": .failed, "broken": .failed, "aborted": .failed,
        ],
        "uploaded": ["seen": .ready],
        "ready": ["delete": .deleting],
        // The file is there after all.
        "failed": ["complete": .uploaded, "limit": .uploaded, "delete": .deleting],
        "deleting": [:],
    ]

    /// The same when every time limit has passed.
    static let late: [String: [String: RecordingState]] = [
        "requested": ["time": .failed],
        "asked": ["refused": .failed, "unlisted": .failed, "time": .failed],
        "starting": ["unknown": .failed, "time": .failed],
        "active": ["unknown": .failed, "time": .ending],
        "ending": ["unknown": .failed, "time": .failed],
        "uploaded": ["missing": .failed, "short": .failed, "time": .failed],
        "ready": ["time": .deleting], "failed": ["time": .deleting],
    ]

    static func stored(_ name: String) -> Recording {
        name == "asked" ? recording(.starting, isKnown: false) : recording(RecordingState(rawValue: name)!)
    }

    @Test(arguments: soon.keys.sorted()) func everyInputInEveryStateDoesWhatTheTableSays(name: String) {
        for (when, table, moment) in [
            ("soon", Self.soon[name] ?? [:], Self.start + 2),
            (
                "late", (Self.soon[name] ?? [:]).merging(Self.late[name] ?? [:]) { $1 },
                Self.start + 3 * 86_400
            ),
        ] {
            for (input, value) in Self.inputs {
                var stored = Self.stored(name)
                if when == "late", stored.state == .ready || stored.state == .failed {
                    stored.deleteAfter = Self.start + 86_400
                }
                var machine = Machine(stored, limits: Self.limits)
                machine.apply(value, at: moment)
                #expect(
                    machine.recording.state == table[input] ?? stored.state, "\(name), \(input), \(when)")
                expectStorable(machine, after: "\(name), \(input), \(when)")
            }
        }
    }

    /// What the database's constraints ask for, and that someone looks after it.
    private func expectStorable(_ machine: Machine, after what: String) {
        var machine = machine
        let recording = machine.recording
        if [.active, .ending, .uploaded].contains(recording.state) { #expect(recording.egressID != nil, "\(what)") }
        if recording.state == .failed { #expect(recording.failure != nil, "\(what)") }
        if recording.state == .ready {
            #expect(recording.readyAt != nil && recording.endedAt != nil && (recording.sizeBytes ?? 0) > 0, "\(what)")
        }
        if let start = recording.startedAt, let end = recording.endedAt { #expect(end >= start, "\(what)") }
        if recording.state != .ready, recording.state != .failed {
            machine.reschedule(at: Self.start)
            #expect(machine.recording.checkAt != nil, "\(what): nobody looks after it")
            #expect(machine.action(at: Self.start) != nil, "\(what): nothing is to be done")
        }
    }

    @Test func aRefusedStartIsTriedAgainAndThenFailsWithTheReason() {
        var machine = Machine(Self.recording(.requested), limits: Self.limits)
        for attempt in 1...Self.limits.startAttempts {
            machine.apply(.begin, at: Self.start + Double(attempt))
            #expect(machine.recording.startAttempts == attempt)
            machine.apply(.refused("No recorder."), at: Self.start + Double(attempt))
        }
        #expect(machine.recording.state == .failed)
        #expect(machine.recording.failure == "No recorder.")
    }

    @Test func aRepeatedStartLooksForTheEarlierOneFirst() {
        var machine = Machine(Self.recording(.requested), limits: Self.limits)
        guard case .start(let request, isRepeated: false) = machine.action(at: Self.start) else {
            Issue.record("a new recording must be started")
            return
        }
        #expect(request.objectKey == Self.key)
        machine.apply(.begin, at: Self.start)
        #expect(machine.action(at: Self.start) == .find)
        machine.apply(.refused("No."), at: Self.start)
        #expect(machine.action(at: Self.start) == .start(request, isRepeated: true))
    }

    @Test func aStartWithoutATraceIsRepeatedOnlyOnceNothingCanComeOfItAnyMore() {
        var machine = Machine(Self.recording(.starting, isKnown: false), limits: Self.limits)
        machine.apply(.unlisted, at: Self.start + 39)
        #expect(machine.recording.state == .starting)
        machine.apply(.unlisted, at: Self.start + 40)
        #expect(machine.recording.state == .requested)
    }

    @Test func stoppingBeforeTheRecorderAnsweredStopsWhatItThenBegins() {
        var machine = Machine(Self.recording(.starting, isKnown: false), limits: Self.limits)
        machine.apply(.stop, at: Self.start)
        #expect(machine.recording.state == .starting)
        machine.apply(.answered(Self.egress(.starting)), at: Self.start + 1)
        #expect(machine.recording.state == .ending)
        #expect(machine.action(at: Self.start + 1) == .stop(egressID: "EG_1"))
        machine.apply(.report(Self.egress(.active)), at: Self.start + 2)
        #expect(machine.recording.state == .ending, "a late report doesn't take the stop back")
    }

    @Test func whatIsRecordedThoughItWasGivenUpIsStopped() {
        var machine = Machine(Self.recording(.starting), limits: Self.limits)
        machine.apply(.time, at: Self.start + 301)
        #expect(machine.recording.state == .failed)
        #expect(machine.action(at: Self.start + 302) == .stop(egressID: "EG_1"))
        machine.apply(.report(Self.egress(.aborted)), at: Self.start + 303)
        #expect(machine.action(at: Self.start + 304) == nil)
    }

    @Test func aRepeatedFinalReportDoesNotReviveAFailedRecording() {
        var machine = Machine(Self.recording(.uploaded), limits: Self.limits)
        machine.apply(.object(size: nil), at: Self.start + 700)
        #expect(machine.recording.state == .failed)
        machine.apply(.report(Self.egress(.complete)), at: Self.start + 800)
        #expect(machine.recording.state == .failed)
    }

    @Test func deletingStopsFirstAndRetentionBeginsAtTheEnd() {
        var machine = Machine(Self.recording(.uploaded), limits: Self.limits)
        machine.apply(.object(size: 1000), at: Self.start + 20)
        #expect(machine.recording.deleteAfter == Self.start + 20 + 86_400)
        machine.reschedule(at: Self.start + 21)
        #expect(machine.recording.checkAt == machine.recording.deleteAfter)
        machine.apply(.delete, at: Self.start + 30)
        #expect(machine.action(at: Self.start + 30) == .remove)

        var stray = Self.recording(.failed)
        stray.egressStatus = .active
        machine = Machine(stray, limits: Self.limits)
        machine.apply(.delete, at: Self.start + 30)
        #expect(machine.action(at: Self.start + 30) == .stop(egressID: "EG_1"))
        #expect(machine.action(at: Self.start + 30 + 3600) == .remove, "a recorder that is away keeps nothing for ever")
    }

    @Test(arguments: 0..<300) func theOrderOfReportsAndTheirNumberMeanNothing(seed: UInt64) {
        var random = SplitMix(state: seed)
        let reports = [.starting, .active, .ending, .complete].map { Self.egress($0) }
        var shuffled = reports.flatMap { Array(repeating: $0, count: Int.random(in: 1...3, using: &random)) }
        shuffled.shuffle(using: &random)
        var ordered = Machine(Self.recording(.starting, isKnown: false), limits: Self.limits)
        var mixed = ordered
        for report in reports { ordered.apply(.report(report), at: Self.start + 20) }
        for report in shuffled { mixed.apply(.report(report), at: Self.start + 20) }
        #expect(mixed.recording == ordered.recording)
        #expect(mixed.recording.state == .uploaded)
    }

    @Test(arguments: 0..<500) func randomHistoriesEndReadyOrFailed(seed: UInt64) {
        var random = SplitMix(state: seed)
        var machine = Machine(Self.recording(.requested), limits: RecordingLimits())
        var now = Self.start
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            now += Double.random(in: 0...200, using: &random)
            let (name, input) = Self.inputs.randomElement(using: &random) ?? ("time", .time)
            // Deleting ends with the recording itself.
            if name != "delete" { machine.apply(input, at: now) }
            expectStorable(machine, after: "seed \(seed)")
        }
        // From now on nobody answers any more, and the keeper alone comes by.
        var looks = 0
        while machine.recording.state != .ready, machine.recording.state != .failed, looks < 200_000 {
            machine.reschedule(at: now)
            now = max(machine.recording.checkAt ?? now, now + 0.2)
            machine.apply(.time, at: now)
            if case .start = machine.action(at: now) { machine.apply(.begin, at: now) }
            looks += 1
        }
        #expect([.ready, .failed].contains(machine.recording.state), "seed \(seed): \(machine.recording.state)")
        #expect(machine.recording.state == .ready || machine.recording.failure != nil)
    }
}

/// Repeatable randomness.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
