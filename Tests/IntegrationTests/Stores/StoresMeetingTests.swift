import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

@Suite struct StoresMeetingTests {
    @Test func meetingsReadBackAsTheyWereWritten() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let settings = MeetingSettings(
                passcodeHash: .sample, lobby: .guests, locked: true, capacity: 20, screenShare: .hosts, chat: .nobody,
                record: .nobody, draw: .hosts)
            let plain = try await database.meeting(of: owner.id, kind: .recurring)
            let full = try await database.meeting(of: owner.id, kind: .scheduled, settings)
            for meeting in [plain, full] {
                #expect(try await database.meetings.meeting(.id(meeting.id)) == meeting)
                #expect(try await database.meetings.meeting(.code(meeting.joinCode)) == meeting)
            }
            await #expect(throws: ConferenceError.conflict(.duplicate)) { try await database.meetings.insert(plain) }
        }
    }

    @Test func ofTwoChangesOfOneVersionOneWins() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id)
            var change = meeting
            change.title = "New"
            change.settings.capacity = 5
            change.updatedAt = database.clock.now
            guard case .updated(let stored) = try await database.meetings.update(change) else {
                Issue.record("the first change must win")
                return
            }
            change.version = 2
            #expect(stored == change)
            #expect(try await database.meetings.update(meeting) == .stale)
            #expect(try await database.meetings.delete(meeting.id))
            #expect(try await database.meetings.update(stored) == .missing)
            #expect(try await !database.meetings.delete(meeting.id))
        }
    }

    @Test func endingEmptiesTheMeetingOnceAndARecurringLinkGoesOn() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let instant = try await database.meeting(of: owner.id)
            let recurring = try await database.meeting(of: owner.id, kind: .recurring)
            for meeting in [instant, recurring] {
                _ = try await database.participants.join(database.attempt(.id(meeting.id)))
            }
            let now = database.clock.now
            let ended = try #require(await database.meetings.end(instant.id, at: now))
            #expect(ended.state == .ended)
            #expect(ended.endedAt == now)
            #expect(try await database.meetings.end(instant.id, at: now.addingTimeInterval(5)) == ended)
            var change = ended
            change.title = "New"
            #expect(try await database.meetings.update(change) == .stale)
            let idle = try #require(await database.meetings.end(recurring.id, at: now))
            #expect(idle.state == .scheduled)
            #expect(idle.startedAt == nil)
            for meeting in [instant, recurring] {
                #expect(try await database.participants.present(in: meeting.id, limit: 10).isEmpty)
            }
            #expect(try await database.meetings.end(MeetingID(database.ids.next()), at: now) == nil)
        }
    }

    @Test func pagesStayPutWhileMeetingsAreAdded() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let other = try await database.account("other@example.com")
            var written: [MeetingID] = []
            for _ in 0..<7 {
                written.append(try await database.meeting(of: owner.id).id)
                _ = try await database.meeting(of: other.id)
            }
            var read: [MeetingID] = []
            while read.count < 7 {
                let page = try await database.meetings.meetings(
                    MeetingFilter(owner: owner.id), before: read.last, limit: 2)
                guard !page.isEmpty else { break }
                read += page.map(\.id)
                _ = try await database.meeting(of: owner.id)
            }
            #expect(read == written.reversed())
            #expect(try await database.meetings.meetings(MeetingFilter(), before: nil, limit: 100).count == 18)
        }
    }

    @Test func listsCanBeOfOneState() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let live = try await database.meeting(of: owner.id)
            _ = try await database.meeting(of: owner.id)
            _ = try await database.participants.join(database.attempt(.id(live.id)))
            for filter in [MeetingFilter(owner: owner.id, state: .live), MeetingFilter(state: .live)] {
                let found = try await database.meetings.meetings(filter, before: nil, limit: 10)
                #expect(found.map(\.id) == [live.id])
            }
        }
    }

    @Test func aMeetingWithRecordingsStays() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            try await database.postgres.execute(
                "INSERT INTO recordings (meeting_id, requested_by, kind) VALUES ($1, $2, 'audio')",
                [meeting.id.uuid, owner.id.uuid])
            await #expect(throws: ConferenceError.conflict(.meetingHasRecordings)) {
                try await database.meetings.delete(meeting.id)
            }
        }
    }

    @Test func auditEntriesAreWrittenAndStay() async throws {
        try await StoreTestDatabase.with { database in
            let account = try await database.account()
            let entry = AuditEntry(
                .meetingDeleted, actor: account.id, subject: database.ids.next(), at: database.clock.now,
                details: ["title": "T"])
            try await PostgresAuditLog(database.postgres).record(entry)
            let row = try #require(
                await database.postgres.query("SELECT actor_id, details->>'title' AS title FROM audit_log").first)
            #expect(try row.get("actor_id", as: UUID.self) == account.id.uuid)
            #expect(try row.get("title", as: String.self) == "T")
            for statement in ["UPDATE audit_log SET action = 'a.b'", "DELETE FROM audit_log", "TRUNCATE audit_log"] {
                await #expect(throws: (any Error).self) { try await database.postgres.execute(statement) }
            }
        }
    }
}
