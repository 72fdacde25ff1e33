import Conference
import FoundationEssentials
import Testing

@Suite struct MeetingServiceTests {
    let store = MemoryMeetingStore()
    let audit = MemoryAudit()
    let clock = TestClock()
    let ids = CountingIDs()
    let owner = Principal(accountID: AccountID(SystemIDs.one), role: .member)
    let stranger = Principal(accountID: AccountID(SystemIDs.two), role: .member)
    let admin = Principal(accountID: AccountID(SystemIDs.three), role: .admin)

    enum SystemIDs {
        static let one = UUIDv7Generator().next()
        static let two = UUIDv7Generator().next()
        static let three = UUIDv7Generator().next()
    }

    var service: MeetingService {
        MeetingService(
            meetings: store, hasher: TransparentHasher(), audit: audit, clock: clock, ids: ids,
            random: SystemRandomSource())
    }

    @Test func aNewMeetingHasAnUnguessableCodeAndAHashedPasscode() async throws {
        let meeting = try await service.create(MeetingDraft(title: " Stand-up ", passcode: "2468"), by: owner)
        #expect(meeting.title == "Stand-up")
        #expect(meeting.state == .scheduled)
        #expect(meeting.version == 1)
        #expect(meeting.settings.passcodeHash == PasswordHash(phc: "new:2468"))
        #expect(try await service.meeting(meeting.id, by: owner) == meeting)
        #expect(audit.actions == [.meetingCreated])
    }

    @Test func allProblemsOfADraftAreReportedAtOnce() async throws {
        var draft = MeetingDraft(title: "", kind: .scheduled, passcode: "1", capacity: 1, record: .everyone)
        draft.scheduledEnd = clock.now
        let error = await #expect(throws: ConferenceError.self) { try await service.create(draft, by: owner) }
        guard case .invalid(let problems) = error else {
            Issue.record("expected invalid, got \(String(describing: error))")
            return
        }
        #expect(
            Set(problems.map(\.field)) == [
                "title", "scheduledStart", "settings.passcode", "settings.capacity", "settings.record",
            ])
    }

    @Test func aScheduledMeetingEndsAfterItsStart() async throws {
        let draft = MeetingDraft(
            title: "T", kind: .scheduled, scheduledStart: clock.now, scheduledEnd: clock.now.addingTimeInterval(-1))
        await #expect(throws: ConferenceError.self) { try await service.create(draft, by: owner) }
        let instant = MeetingDraft(title: "T", scheduledStart: clock.now)
        await #expect(throws: ConferenceError.self) { try await service.create(instant, by: owner) }
    }

    @Test func strangersSeeNothingAndAdministratorsEverything() async throws {
        let meeting = try await service.create(MeetingDraft(title: "T"), by: owner)
        let missing = ConferenceError.notFound(.meeting)
        await #expect(throws: missing) { try await service.meeting(meeting.id, by: stranger) }
        await #expect(throws: missing) { try await service.end(meeting.id, by: stranger) }
        await #expect(throws: missing) { try await service.delete(meeting.id, by: stranger) }
        await #expect(throws: missing) {
            try await service.update(meeting.id, MeetingChange(), version: nil, by: stranger)
        }
        await #expect(throws: ConferenceError.forbidden) {
            try await service.list(PageRequest(), everybodys: true, by: stranger)
        }
        #expect(try await service.list(PageRequest(), by: stranger).items.isEmpty)
        #expect(try await service.list(PageRequest(), everybodys: true, by: admin).items == [meeting])
        #expect(try await service.meeting(meeting.id, by: admin) == meeting)
    }

    @Test func aChangeOfAnOldVersionIsRefused() async throws {
        let meeting = try await service.create(MeetingDraft(title: "T", passcode: "2468"), by: owner)
        var change = MeetingChange()
        change.title = .set("U")
        change.passcode = .set(nil)
        change.capacity = .set(10)
        let changed = try await service.update(meeting.id, change, version: 1, by: owner)
        #expect(changed.title == "U")
        #expect(changed.settings.passcodeHash == nil)
        #expect(changed.settings.capacity == 10)
        #expect(changed.version == 2)
        await #expect(throws: ConferenceError.conflict(.staleVersion)) {
            try await service.update(meeting.id, change, version: 1, by: owner)
        }
    }

    @Test func anEndedMeetingStaysAsItIs() async throws {
        let meeting = try await service.create(MeetingDraft(title: "T"), by: owner)
        let ended = try await service.end(meeting.id, by: owner)
        #expect(ended.state == .ended)
        #expect(try await service.end(meeting.id, by: owner) == ended)
        #expect(audit.actions == [.meetingCreated, .meetingEnded])
        await #expect(throws: ConferenceError.meetingEnded) {
            try await service.update(meeting.id, MeetingChange(), version: nil, by: owner)
        }
    }

    @Test func thePreviewTellsNoMoreThanTheDoorNeeds() async throws {
        let meeting = try await service.create(MeetingDraft(title: "T", passcode: "2468"), by: owner)
        let preview = try await service.preview(meeting.joinCode)
        #expect(preview.requiresPasscode)
        #expect(preview.title == "T")
        await #expect(throws: ConferenceError.notFound(.meeting)) {
            try await service.preview(JoinCode(random: SystemRandomSource()))
        }
    }

    @Test func pagesStayPutWhileMeetingsAreAdded() async throws {
        var created: [MeetingID] = []
        for number in 1...5 {
            created.append(try await service.create(MeetingDraft(title: "\(number)"), by: owner).id)
        }
        let first = try await service.list(PageRequest(limit: 2), by: owner)
        _ = try await service.create(MeetingDraft(title: "new"), by: owner)
        let second = try await service.list(PageRequest(limit: 2, cursor: first.next), by: owner)
        let third = try await service.list(PageRequest(limit: 2, cursor: second.next), by: owner)
        #expect((first.items + second.items + third.items).map(\.id) == created.reversed())
        #expect(third.next == nil)
    }

    @Test(arguments: [0, 101, -1]) func pageSizesHaveBounds(limit: Int) {
        #expect(throws: ConferenceError.self) { try PageRequest(limit: limit) }
    }
}
