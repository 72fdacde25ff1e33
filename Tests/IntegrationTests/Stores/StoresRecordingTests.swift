import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

/// Recordings in a real PostgreSQL: every statement of the store.
@Suite struct StoresRecordingTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    struct World: Sendable {
        let database: StoreTestDatabase
        let store: PostgresRecordingStore
        let owner: AccountID
        let meeting: MeetingID

        func recording(_ kind: RecordingKind, of participant: ParticipantID? = nil, by owner: AccountID? = nil)
            -> Recording
        {
            Recording(
                id: RecordingID(database.ids.next()), meetingID: meeting, requestedBy: owner, kind: kind,
                participantID: participant, createdAt: now, checkAt: now)
        }

        /// Writes what becomes of a recording.
        func write(_ recording: Recording, _ inputs: RecordingStateMachine.Input...) async throws -> Recording {
            var machine = RecordingStateMachine(recording, limits: RecordingLimits(retention: .seconds(60)))
            for input in inputs { machine.apply(input, at: now) }
            machine.callKeeper(at: now)
            guard case .updated(let stored) = try await store.update(machine.recording) else {
                throw NotInTime(description: "the write of \(recording.id)")
            }
            var expected = machine.recording
            expected.version += 1
            #expect(stored == expected)
            #expect(try await store.recording(recording.id) == expected)
            return stored
        }

        func timeline() async throws -> [String] {
            try await database.postgres.query(
                "SELECT kind FROM analytics_events WHERE meeting_id = $1 ORDER BY id", [meeting.uuid]
            ).map { try $0.get("kind", as: String.self) }
        }
    }

    static func with(_ body: (World) async throws -> Void) async throws {
        try await StoreTestDatabase.with(poolSize: 8) { database in
            let owner = try await database.account().id
            let meeting = try await database.meeting(of: owner).id
            try await body(
                World(
                    database: database, store: PostgresRecordingStore(database.postgres), owner: owner,
                    meeting: meeting))
        }
    }

    static func egress(_ recording: Recording, _ status: MediaEgress.Status, size: Int64 = 0) -> MediaEgress {
        MediaEgress(
            id: "EG_\(recording.id)", roomName: "\(recording.meetingID)", status: status, startedAt: now,
            endedAt: status.isFinal ? now + 60 : nil,
            files: [.init(name: recording.objectKey, size: size, duration: .milliseconds(60_500))])
    }

    /// The first comer starts the meeting, the second finds it live, the third one finds a meeting with a limit.
    @Test func whoJoinsLearnsWhetherTheMeetingIsRecorded() async throws {
        try await Self.with { world in
            let database = world.database
            let limited = try await database.meeting(of: world.owner, MeetingSettings(capacity: 9)).id
            func join(_ meeting: MeetingID) async throws -> Bool? {
                let outcome = try await database.participants.join(try database.attempt(.id(meeting)))
                guard case .recorded(_, _, let recordingActive) = outcome else { return nil }
                return recordingActive
            }
            #expect(try await join(world.meeting) == false)
            #expect(try await join(world.meeting) == false)
            try await world.store.insert(world.recording(.composite, by: world.owner))
            #expect(try await join(world.meeting) == true)
            #expect(try await join(limited) == false)
            try await world.store.insert(
                Recording(
                    id: RecordingID(database.ids.next()), meetingID: limited, requestedBy: world.owner, kind: .audio,
                    participantID: nil, createdAt: Self.now, checkAt: Self.now))
            #expect(try await join(limited) == true)
        }
    }

    @Test func keepsEveryStepAndItsEntryInTheTimeline() async throws {
        try await Self.with { world in
            let store = world.store
            let first = world.recording(.composite, by: world.owner)
            try await store.insert(first)
            #expect(try await store.recording(first.id) == first)
            #expect(try await store.isRunning(in: world.meeting))
            #expect(try await store.recording(egressID: "EG_x", objectKeys: ["a", first.objectKey]) == first)
            #expect(try await store.recording(egressID: "EG_x", objectKeys: []) == nil)

            let active = try await world.write(first, .begin, .answered(Self.egress(first, .active)))
            #expect(active.state == .active)
            #expect(try await store.recording(egressID: "EG_\(first.id)", objectKeys: []) == active)
            let ending = try await world.write(active, .stop)
            let uploaded = try await world.write(ending, .report(Self.egress(first, .complete, size: 7)))
            #expect(uploaded.state == .uploaded && uploaded.duration == .milliseconds(60_500))
            #expect(try await store.unfinished() == [.uploaded: 1])
            let ready = try await world.write(uploaded, .object(size: 7))
            #expect(ready.state == .ready && ready.deleteAfter == Self.now + 60)
            #expect(try await !store.isRunning(in: world.meeting))
            #expect(try await store.unfinished().isEmpty)

            let deleting = try await world.write(ready, .delete)
            #expect(try await !store.remove(ready, at: Self.now))
            #expect(try await store.remove(deleting, at: Self.now))
            #expect(try await store.recording(first.id) == nil)
            guard case .missing = try await store.update(deleting) else {
                Issue.record("a recording that is gone was written")
                return
            }
            #expect(
                try await world.timeline().sorted() == [
                    "recording.deleted", "recording.ended", "recording.ready", "recording.requested",
                    "recording.started", "recording.stopping",
                ])
        }
    }

    @Test func ofTwoWhoWriteTheSecondIsStale() async throws {
        try await Self.with { world in
            let recording = world.recording(.audio)
            try await world.store.insert(recording)
            let begun = try await world.write(recording, .begin)
            guard case .stale = try await world.store.update(recording) else {
                Issue.record("an old version was written")
                return
            }
            #expect(try await world.store.recording(recording.id) == begun)
            let failed = try await world.write(begun, .noRoom)
            #expect(failed.state == .failed && failed.failure != nil)
            #expect(try await world.timeline().sorted() == ["recording.failed", "recording.requested"])
        }
    }

    @Test func oneOfAKindRunsInAMeeting() async throws {
        try await Self.with { world in
            let store = world.store
            let (ada, ben) = (ParticipantID(world.database.ids.next()), ParticipantID(world.database.ids.next()))
            let running = [
                world.recording(.composite), world.recording(.audio), world.recording(.participant, of: ada),
                world.recording(.participant, of: ben),
            ]
            for recording in running { try await store.insert(recording) }
            for again in [
                world.recording(.composite), world.recording(.audio), world.recording(.participant, of: ada),
            ] {
                await #expect(throws: ConferenceError.conflict(.recordingRunning)) { try await store.insert(again) }
            }
            #expect(
                try await store.runningKinds().map(\.rawValue).sorted()
                    == ["audio", "composite", "participant", "participant"])
            #expect(try await store.unfinished() == [.requested: 4])

            // What was refused left nothing, and one that ended makes room.
            #expect(try await world.timeline().count == 4)
            _ = try await world.write(running[1], .stop)
            try await store.insert(world.recording(.audio))

            await #expect(throws: ConferenceError.conflict(.duplicate)) { try await store.insert(running[1]) }
            let elsewhere = Recording(
                id: RecordingID(world.database.ids.next()), meetingID: MeetingID(world.database.ids.next()),
                requestedBy: nil, kind: .audio, createdAt: Self.now, checkAt: Self.now)
            await #expect(throws: ConferenceError.notFound(.meeting)) { try await store.insert(elsewhere) }
        }
    }

    @Test func listsByMeetingOwnerAndState() async throws {
        try await Self.with { world in
            let store = world.store
            let all = [world.recording(.composite), world.recording(.audio, by: world.owner)]
            for recording in all { try await store.insert(recording) }
            let failed = try await world.write(all[0], .stop)
            let other = MeetingID(world.database.ids.next())

            #expect(try await store.recordings(RecordingFilter(), before: nil, limit: 5) == [all[1], failed])
            #expect(try await store.recordings(RecordingFilter(), before: nil, limit: 1) == [all[1]])
            #expect(try await store.recordings(RecordingFilter(), before: all[1].id, limit: 5) == [failed])
            let narrow = RecordingFilter(meeting: world.meeting, owner: world.owner, states: [.failed, .ready])
            #expect(try await store.recordings(narrow, before: nil, limit: 5) == [failed])
            for nothing in [
                RecordingFilter(meeting: other), RecordingFilter(owner: AccountID(other.uuid)),
                RecordingFilter(states: [.ready]),
            ] {
                #expect(try await store.recordings(nothing, before: nil, limit: 5).isEmpty)
            }
        }
    }

    @Test func everyDueRecordingIsClaimedOnce() async throws {
        try await Self.with { world in
            let recordings = (0..<40).map { _ in
                world.recording(.participant, of: ParticipantID(world.database.ids.next()))
            }
            for recording in recordings { try await world.store.insert(recording) }
            #expect(try await world.store.claim(dueAt: Self.now - 1, until: Self.now) == nil)
            let claimed = try await withThrowingTaskGroup(of: [Recording].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var mine: [Recording] = []
                        while let next = try await world.store.claim(dueAt: Self.now, until: Self.now + 60) {
                            mine.append(next)
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 40 && Set(claimed.map(\.id)) == Set(recordings.map(\.id)))
            #expect(claimed.allSatisfy { $0.version == 2 && $0.checkAt == Self.now + 60 })
            // A claim that its holder let lapse is another's.
            #expect(try await world.store.claim(dueAt: Self.now + 60, until: Self.now + 120)?.version == 3)
        }
    }

    /// What was written while the clock was ahead doesn't wait until it is that late again; what is finished may wait for years.
    @Test func whatWasWrittenInTheFutureIsDueOnce() async throws {
        try await Self.with { world in
            let (unfinished, finished) = (world.recording(.composite), world.recording(.audio))
            for recording in [unfinished, finished] { try await world.store.insert(recording) }
            _ = try await world.database.postgres.query(
                """
                UPDATE recordings SET updated_at = $1, check_at = $1, state = CASE WHEN id = $2 THEN 'failed' ELSE state END,
                    failure = CASE WHEN id = $2 THEN 'It failed.' END
                """, [Self.now + 3600, finished.id.uuid])
            let claimed = try #require(try await world.store.claim(dueAt: Self.now, until: Self.now + 60))
            #expect(claimed.id == unfinished.id)
            #expect(claimed.checkAt == Self.now + 60 && claimed.updatedAt == Self.now)
            #expect(try await world.store.claim(dueAt: Self.now, until: Self.now + 60) == nil)
        }
    }

    /// A recording is passed over while someone holds its row, instead of being waited for.
    @Test func aClaimWaitsForNobody() async throws {
        try await Self.with { world in
            let (held, free) = (world.recording(.composite), world.recording(.audio))
            for recording in [held, free] { try await world.store.insert(recording) }
            try await world.database.postgres.withTransaction { transaction in
                _ = try await transaction.query(
                    "SELECT 1 FROM recordings WHERE id = $1 FOR UPDATE", [held.id.uuid])
                #expect(try await world.store.claim(dueAt: Self.now, until: Self.now + 60)?.id == free.id)
                #expect(try await world.store.claim(dueAt: Self.now, until: Self.now + 60) == nil)
            }
        }
    }
}
