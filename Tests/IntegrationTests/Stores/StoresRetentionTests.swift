import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

@Suite struct StoresRetentionTests {
    static let now = Date(timeIntervalSince1970: 1_772_442_000)
    static let cutoff = now.addingTimeInterval(-30 * 86_400)

    /// A meeting that someone was in and that ended at `moment`.
    private static func ended(
        _ database: StoreTestDatabase, of owner: AccountID, at moment: Date
    ) async throws -> Meeting {
        let meeting = try await database.meeting(of: owner)
        _ = try await database.comer(meeting, at: moment.addingTimeInterval(-60))
        return try #require(try await database.meetings.end(meeting.id, at: moment))
    }

    private static func count(_ database: StoreTestDatabase, _ table: String) async throws -> Int {
        try #require(try await database.postgres.query("SELECT count(*) FROM \(table)").first).get(0)
    }

    @Test func onlyMeetingsThatEndedLongEnoughAgoAreDeletedAndThatIsOnRecord() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            var old: [Meeting] = []
            for _ in 0..<3 { old.append(try await Self.ended(database, of: owner.id, at: Self.cutoff - 1)) }
            let recent = try await Self.ended(database, of: owner.id, at: Self.cutoff + 1)
            let live = try await database.meeting(of: owner.id)
            _ = try await database.comer(live, at: Self.cutoff - 86_400)
            let recorded = try await Self.ended(database, of: owner.id, at: Self.cutoff - 1)
            try await PostgresRecordingStore(database.postgres).insert(
                Recording(
                    id: RecordingID(database.ids.next()), meetingID: recorded.id, requestedBy: owner.id, kind: .audio,
                    createdAt: Self.cutoff - 30, checkAt: Self.now))

            // Two at a time, so that more than one look is needed.
            let retention = PostgresRetention(database.postgres, batch: 2)
            #expect(try await retention.deleteMeetings(endedBefore: Self.cutoff, at: Self.now) == 3)
            #expect(try await retention.deleteMeetings(endedBefore: Self.cutoff, at: Self.now) == 0)

            for meeting in old { #expect(try await database.meetings.meeting(.id(meeting.id)) == nil) }
            for meeting in [recent, live, recorded] {
                #expect(try await database.meetings.meeting(.id(meeting.id)) != nil)
            }
            let entries = try await database.postgres.query(
                "SELECT subject_id FROM audit_log WHERE action = 'meeting.deleted' AND details = '{\"reason\": \"retention\"}'"
            )
            #expect(Set(try entries.map { try $0.get(0) as UUID }) == Set(old.map(\.id.uuid)))
            // The sums of those times stay.
            #expect(try await Self.count(database, "gatherings") == 5)
        }
    }

    @Test func oldEventsAreForgottenAndNewOnesStay() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: try await database.account().id)
            let timeline = PostgresTimeline(database.postgres)
            let media = PostgresMediaStateStore(database.postgres)
            let before = try await Self.count(database, "analytics_events")
            for number in 1...5 {
                let moment = Self.cutoff.addingTimeInterval(number <= 3 ? -Double(number) : Double(number))
                try await timeline.record(TimelineEntry("hand.raised", in: meeting.id, at: moment))
                _ = try await media.insert(
                    MediaEvent(id: "EV_\(number)", name: "room_started", occurredAt: moment), receivedAt: moment)
            }
            let retention = PostgresRetention(database.postgres, batch: 2)
            #expect(try await retention.forgetEvents(before: Self.cutoff) == 3)
            #expect(try await retention.forgetWebhooks(before: Self.cutoff) == 3)
            #expect(try await Self.count(database, "analytics_events") == before + 2)
            #expect(try await Self.count(database, "webhook_inbox") == 2)
        }
    }
}
