import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

/// A change that can't be recorded isn't made, and one that isn't made isn't recorded.
@Suite struct StoresAuditTests {
    /// Refuses entries, as a full disk would.
    private static let refuse = """
        CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$;
        CREATE TRIGGER refuse_entries BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_entry();
        """

    private func whileRefused(_ database: StoreTestDatabase, _ change: () async throws -> Void) async throws {
        try await database.postgres.withConnection { try await $0.executeScript(Self.refuse) }
        let error = await #expect(throws: ConferenceError.self) { try await change() }
        guard case .unavailable(service: "database", _) = error else {
            Issue.record("expected unavailable, got \(String(describing: error))")
            return
        }
        try await database.postgres.withConnection { try await $0.executeScript("DROP FUNCTION refuse_entry CASCADE") }
    }

    private func actions(_ database: StoreTestDatabase) async throws -> [String] {
        try await database.postgres.query("SELECT action FROM audit_log ORDER BY id").map { try $0.get(0) }
    }

    private func timeline(_ database: StoreTestDatabase) async throws -> [String] {
        try await database.postgres.query("SELECT kind FROM analytics_events").map { try $0.get(0) }
    }

    @Test func accountsAreChangedTogetherWithTheirEntries() async throws {
        try await StoreTestDatabase.with { database in
            let service = database.accountService
            let draft = AccountDraft(email: "a@example.com", displayName: "A", role: .admin, password: "correct horse")
            try await whileRefused(database) { _ = try await service.create(draft, by: nil) }
            #expect(try await database.accounts.accounts(before: nil, limit: 9).isEmpty)

            let admin = try await service.create(draft, by: nil)
            let member = try await database.account("m@example.com")
            let change = AccountChange(displayName: "New", role: .admin, isDisabled: true)
            try await whileRefused(database) { _ = try await service.change(member.id, change, by: admin.principal) }
            try await whileRefused(database) { _ = try await service.revokeSessions(of: member.id, by: nil) }
            try await whileRefused(database) {
                _ = try await service.setPassword("another horse", of: member.id, by: nil)
            }
            #expect(try await database.accounts.account(member.id) == member)
            #expect(try await database.accounts.credentials(member.id)?.passwordHash == .sample)

            _ = try await service.change(member.id, change, by: admin.principal)
            #expect(try await actions(database) == ["account.created", "account.role_changed", "account.disabled"])
        }
    }

    @Test func meetingsAreChangedTogetherWithTheirEntries() async throws {
        try await StoreTestDatabase.with { database in
            let service = database.meetingService
            let owner = try await database.account()
            try await whileRefused(database) {
                _ = try await service.create(MeetingDraft(title: "Title"), by: owner.principal)
            }
            #expect(try await service.list(PageRequest(), by: owner.principal).items.isEmpty)

            let meeting = try await service.create(MeetingDraft(title: "Title"), by: owner.principal)
            let guest = try await database.comer(meeting)
            let live = try #require(await database.meetings.meeting(.id(meeting.id)))
            var title = MeetingChange()
            title.title = .set("New")
            try await whileRefused(database) { [title] in
                _ = try await service.update(meeting.id, title, version: nil, by: owner.principal)
            }
            try await whileRefused(database) { _ = try await service.end(meeting.id, by: owner.principal) }
            try await whileRefused(database) { try await service.delete(meeting.id, by: owner.principal) }
            #expect(try await service.meeting(meeting.id, by: owner.principal) == live)
            #expect(try await database.participants.participant(guest.id)?.leftAt == nil)
        }
    }

    @Test func peopleAreModeratedTogetherWithTheEntries() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(
                of: owner.id, MeetingSettings(lobby: .guests, chatHistory: true))
            let host = MeetingCaller(principal: owner.principal, claim: nil)
            let (lobby, moderation) = (database.lobbyService, database.moderationService)
            _ = try await database.comer(meeting, owner.principal)
            let member = try await database.comer(meeting, database.account("m@example.com").principal)
            let waiting = try await database.comer(meeting)
            let now = database.clock.now
            _ = try await database.participants.setHand(member.id, in: meeting.id, raisedAt: now)
            let message = Message(
                id: MessageID(database.ids.next()), meetingID: meeting.id, participantID: member.id,
                displayName: member.displayName, role: .member, text: "Hello", sentAt: now)
            try await database.messages.insert(message)
            let before = try await database.participants.present(in: meeting.id, limit: 9)
            let changes: [() async throws -> Void] = [
                { _ = try await lobby.admit(waiting.id, in: meeting.id, by: host) },
                { _ = try await lobby.admitAll(in: meeting.id, by: host) },
                { try await lobby.deny(waiting.id, in: meeting.id, by: host) },
                { try await moderation.remove(member.id, from: meeting.id, by: host) },
                { _ = try await moderation.setCohost(true, member.id, in: meeting.id, by: host) },
                { try await moderation.lowerHand(of: member.id, in: meeting.id, by: host) },
                { try await database.messageService.delete(message.id, in: meeting.id, by: host) },
            ]
            for change in changes {
                try await whileRefused(database, change)
                #expect(try await database.participants.present(in: meeting.id, limit: 9) == before)
            }
            #expect(try await database.messages.message(message.id, in: meeting.id) == message)
            #expect(try await timeline(database).isEmpty, "the timeline is part of it")
            try await lobby.deny(waiting.id, in: meeting.id, by: host)
            #expect(try await actions(database) == ["participant.denied"])
            #expect(try await timeline(database) == ["participant.denied"])
        }
    }
}
