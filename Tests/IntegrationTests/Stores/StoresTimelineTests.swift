import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

@Suite struct StoresTimelineTests {
    static let begin = Date(timeIntervalSince1970: 1_772_442_000)

    private static func read(
        _ database: StoreTestDatabase, _ meeting: MeetingID, source: TimelineItem.Source? = nil, pageSize: Int = 100,
        withErrors: Bool = true
    ) async throws -> [TimelineItem] {
        var items: [TimelineItem] = []
        while true {
            let page = try await PostgresTimeline(database.postgres).timeline(
                of: meeting, after: items.last?.place ?? .beginning, source: source, limit: pageSize,
                withErrors: withErrors)
            items += page
            guard page.count == pageSize else { return items }
        }
    }

    private static func event(_ id: String, _ name: String, _ meeting: MeetingID, at: Date) -> MediaEvent {
        MediaEvent(
            id: id, name: name, occurredAt: at,
            room: MediaEvent.Room(sid: "RM_1", name: meeting.description, createdAt: begin))
    }

    /// A meeting with something of everything, and another one of which nothing may show.
    private static func story(_ database: StoreTestDatabase) async throws -> (meeting: Meeting, guest: Participant) {
        let owner = try await database.account()
        let meeting = try await database.meeting(of: owner.id)
        let other = try await database.meeting(of: owner.id)
        let guest = try await database.comer(meeting, at: begin)
        let media = PostgresMediaStateStore(database.postgres)
        for (id, name, second) in [("EV_1", "room_started", 1.0), ("EV_2", "participant_joined", 2.0)] {
            _ = try await media.insert(event(id, name, meeting.id, at: begin + second), receivedAt: begin + 5)
        }
        _ = try await media.insert(event("EV_3", "room_started", other.id, at: begin + 1), receivedAt: begin + 5)
        try await media.markFailed("EV_2", reason: "database: at 10.0.0.1")
        _ = try await media.apply(
            MediaReport(
                meetingID: meeting.id, roomSID: "RM_1", source: .event,
                facts: [
                    .roomExists(createdAt: begin + 1), .connected(guest.id, sid: "PA_1", at: begin + 2),
                ]), of: "EV_1", at: begin + 6)
        // Hosts' actions are written to both, a moment apart.
        let audit = PostgresAuditLog(database.postgres)
        let timeline = PostgresTimeline(database.postgres)
        try await timeline.record(
            TimelineEntry(
                "participant.muted", in: meeting.id, participant: guest.id, at: begin + 10,
                details: ["source": "microphone"]))
        try await audit.record(
            AuditEntry(
                .participantMuted, actor: owner.id, subject: meeting.id.uuid, at: begin + 10.01,
                details: ["source": "microphone", "participant": guest.id.description]))
        // Of someone else at the same time: no double.
        let second = try await database.comer(meeting, at: begin + 9)
        try await timeline.record(
            TimelineEntry("participant.muted", in: meeting.id, participant: second.id, at: begin + 10))
        // A host without an account.
        try await audit.record(
            AuditEntry(
                .participantAdmitted, actor: nil, subject: meeting.id.uuid, at: begin + 11,
                details: ["by": guest.id.description, "participant": second.id.description]))
        let recordings = PostgresRecordingStore(database.postgres)
        let recording = Recording(
            id: RecordingID(database.ids.next()), meetingID: meeting.id, requestedBy: owner.id, kind: .audio,
            createdAt: begin + 20, checkAt: begin)
        try await recordings.insert(recording)
        try await timeline.record(TimelineEntry("recording.started", in: meeting.id, at: begin + 20.5))
        try await audit.record(
            AuditEntry(
                .recordingStarted, actor: owner.id, subject: recording.id.uuid, at: begin + 20,
                details: ["kind": "audio", "meeting": meeting.id.description]))
        // Found out by looking.
        _ = try await media.apply(
            MediaReport(
                meetingID: meeting.id, roomSID: "RM_1", source: .poll,
                facts: [.left(guest.id, sid: "PA_1", joinedAt: begin + 2, at: begin + 30, reason: nil)]), at: begin + 31
        )
        return (meeting, guest)
    }

    static let expected = [
        "1 meeting room.started", "1 webhook room_started", "2 meeting participant.joined",
        "2 webhook participant_joined", "10 action participant.muted", "10 meeting participant.muted",
        "11 action participant.admitted", "20 action recording.started", "20 meeting recording.requested",
        "20 meeting recording.started", "30 meeting participant.left repaired",
    ]

    private static func lines(_ items: [TimelineItem]) -> [String] {
        items.map { item in
            let second = Int(item.at.timeIntervalSince(begin))
            return "\(second) \(item.source) \(item.kind)\(item.isRepaired ? " repaired" : "")"
        }
    }

    @Test func everythingIsThereOnceInOrderOfTime() async throws {
        try await StoreTestDatabase.with { database in
            let (meeting, guest) = try await Self.story(database)
            let items = try await Self.read(database, meeting.id)
            #expect(Self.lines(items).sorted() == Self.expected.sorted())
            #expect(items.map(\.at) == items.map(\.at).sorted())
            let muted = try #require(items.first { $0.source == .action && $0.kind == "participant.muted" })
            #expect(muted.participantID == guest.id)
            #expect(muted.actorName == "Someone")
            #expect(muted.details == ["source": "microphone"])
            let admitted = try #require(items.first { $0.kind == "participant.admitted" })
            #expect(admitted.actorID == nil)
            #expect(admitted.actorName == "Guest")
            let started = try #require(items.first { $0.source == .action && $0.kind == "recording.started" })
            #expect(started.details["recordingId"] != nil)
            #expect(started.details["meeting"] == nil)
        }
    }

    @Test func pagesLeaveNothingOutAndOneSourceCanBeRead() async throws {
        try await StoreTestDatabase.with { database in
            let (meeting, _) = try await Self.story(database)
            let all = try await Self.read(database, meeting.id)
            for size in [1, 2, 3] { #expect(try await Self.read(database, meeting.id, pageSize: size) == all) }
            for source in TimelineItem.Source.allCases {
                let some = try await Self.read(database, meeting.id, source: source)
                #expect(some == all.filter { $0.source == source })
                #expect(!some.isEmpty)
            }
        }
    }

    @Test func webhooksSayWhatBecameOfThemAndErrorsOnlyToThoseWhoMayReadThem() async throws {
        try await StoreTestDatabase.with { database in
            let (meeting, _) = try await Self.story(database)
            let webhooks = try await Self.read(database, meeting.id, source: .webhook)
            #expect(webhooks.map { $0.details["applied"] } == ["true", "false"])
            #expect(webhooks.map { $0.details["delaySeconds"] } == ["4", "3"])
            #expect(webhooks[1].details["error"] == "database: at 10.0.0.1")
            let plain = try await Self.read(database, meeting.id, source: .webhook, withErrors: false)
            #expect(plain[1].details["error"] == nil)
            #expect(plain[1].details["attempts"] == "1")
        }
    }
}
