import FoundationEssentials
import Platform
import Testing

@testable import Conference

@Suite struct RecordingServiceTests {
    /// A live meeting with its owner and a guest.
    struct House {
        let world = RecordingWorld()
        let meetings = MemoryMeetingStore()
        let service: RecordingService
        let owner = Principal(accountID: AccountID(CountingIDs().next()), role: .member)
        let meeting: Meeting
        let guest: Participant
        let woken = Lock(0)

        init(processors: Int = 8, record: Audience = .hosts) async throws {
            let now = world.clock.now
            meeting = Meeting(
                id: MeetingID(UUIDv7Generator().next()), joinCode: JoinCode(random: SystemRandomSource()),
                ownerID: owner.accountID, title: "Über \"alles\"/nichts", kind: .instant, state: .scheduled,
                settings: MeetingSettings(record: record), createdAt: now, updatedAt: now)
            try await meetings.insert(meeting)
            let attempt = JoinAttempt(
                meeting: .id(meeting.id), participantID: ParticipantID(UUIDv7Generator().next()), principal: nil,
                displayName: try DisplayName("Grace"), at: now, seatHeldUntil: now + 60)
            guard case .recorded(let guest, _, _) = try await meetings.join(attempt) else {
                fatalError("the door is open")
            }
            self.guest = guest
            service = RecordingService(
                offers: RecordingOffers(processors: processors), store: world.store, meetings: meetings,
                participants: meetings, driver: world.driver, files: world.files, audit: world.audit,
                clock: world.clock, ids: UUIDv7Generator(), wakeKeeper: { [woken] in woken.withLock { $0 += 1 } })
        }

        var host: MeetingCaller { MeetingCaller(principal: owner, claim: nil) }
        var visitor: MeetingCaller {
            MeetingCaller(
                principal: nil,
                claim: ParticipantClaim(
                    meetingID: meeting.id, participantID: guest.id, expiresAt: world.clock.now + 60))
        }

        func start(
            _ kind: RecordingKind, of participant: ParticipantID? = nil, by caller: MeetingCaller? = nil
        ) async throws -> Recording {
            try await service.start(
                RecordingRequest(kind: kind, participantID: participant), in: meeting.id, by: caller ?? host)
        }
    }

    @Test func aHostStartsAndStopsAndItIsWrittenDownAndTold() async throws {
        let house = try await House()
        let recording = try await house.start(.audio)
        #expect(recording.objectKey == "recordings/\(house.meeting.id)/\(recording.id).ogg")
        #expect(recording.requestedBy == house.owner.accountID)
        #expect(try await house.service.isRunning(at: house.meeting.joinCode))
        #expect(house.world.events.all.map(\.meetingID) == [house.meeting.id])
        let stopped = try await house.service.stop(recording.id, in: house.meeting.id, by: house.host)
        #expect(stopped.state == .failed, "nothing had begun")
        _ = try await house.service.stop(recording.id, in: house.meeting.id, by: house.host)
        #expect(house.world.audit.actions == [.recordingStarted, .recordingStopped])
        #expect(house.woken.withLock { $0 } == 3)
        #expect(try await !house.service.isRunning(at: house.meeting.joinCode))
    }

    @Test func othersSeeThatTheyAreRecordedAndNoMore() async throws {
        let house = try await House()
        let recording = try await house.start(.audio)
        let ended = try await house.start(.composite)
        _ = try await house.service.stop(ended.id, in: house.meeting.id, by: house.host)
        let page = try PageRequest()
        #expect(
            try await house.service.list(in: house.meeting.id, page, by: house.visitor).items.map(\.id) == [
                recording.id
            ])
        #expect(try await house.service.list(in: house.meeting.id, page, by: house.host).items.count == 2)
        await #expect(throws: ConferenceError.forbidden) { try await house.start(.audio, by: house.visitor) }
        await #expect(throws: ConferenceError.forbidden) {
            try await house.service.stop(recording.id, in: house.meeting.id, by: house.visitor)
        }
        let stranger = Principal(accountID: AccountID(UUIDv7Generator().next()), role: .member)
        await #expect(throws: ConferenceError.notFound(.recording)) {
            try await house.service.recording(recording.id, by: stranger)
        }
        await #expect(throws: ConferenceError.notFound(.meeting)) {
            try await house.start(.audio, by: MeetingCaller(principal: stranger, claim: nil))
        }
    }

    @Test func theMeetingsSettingIsRespected() async throws {
        let house = try await House(record: .nobody)
        await #expect(throws: ConferenceError.forbidden) { try await house.start(.audio) }
    }

    @Test func whatTheProcessorsDontSufficeForIsRefusedBeforehand() async throws {
        let house = try await House(processors: 2)
        #expect(house.service.offers.all.map(\.isOffered) == [false, true, true])
        let obstacle = "A recording of kind composite needs 4 processors; the recorder has 2."
        await #expect(throws: ConferenceError.recordingNotOffered(reason: obstacle)) {
            try await house.start(.composite)
        }
        // Of the world's own recording, one processor is taken.
        await #expect(throws: ConferenceError.conflict(.recordersBusy)) {
            try await house.start(.participant, of: house.guest.id)
        }
        _ = try await house.start(.audio)
        await #expect(throws: ConferenceError.conflict(.recordingRunning)) { try await house.start(.audio) }
        #expect(RecordingOffers(processors: 0).all.allSatisfy { $0.obstacle == "This server has no recorder." })
    }

    @Test func onlyThoseWhoAreThereAreRecorded() async throws {
        let house = try await House()
        await #expect(throws: ConferenceError.notFound(.participant)) {
            try await house.start(.participant, of: ParticipantID(UUIDv7Generator().next()))
        }
        await #expect(throws: ConferenceError.self) { try await house.start(.participant) }
        await #expect(throws: ConferenceError.self) { try await house.start(.audio, of: house.guest.id) }
        #expect(try await house.start(.participant, of: house.guest.id).participantID == house.guest.id)
        house.meetings.markGone(house.guest.id, at: house.world.clock.now)
        await #expect(throws: ConferenceError.notFound(.participant)) {
            try await house.start(.participant, of: house.guest.id)
        }
        _ = try await house.meetings.end(house.meeting.id, at: house.world.clock.now)
        await #expect(throws: ConferenceError.meetingEnded) { try await house.start(.audio) }
    }

    @Test func aReadyRecordingIsLinkedKeptAndDeleted() async throws {
        let house = try await House()
        let id = try await house.start(.audio).id
        await #expect(throws: ConferenceError.conflict(.recordingNotReady)) {
            try await house.service.link(to: id, for: .play, by: house.owner)
        }
        await #expect(throws: ConferenceError.conflict(.recordingRunning)) {
            try await house.service.delete(id, by: house.owner)
        }
        var rounds = 0
        while try await house.service.recording(id, by: house.owner).state != .ready, rounds < 100 {
            try await house.world.attend()
            if try await house.service.recording(id, by: house.owner).state == .active {
                _ = try await house.service.stop(id, in: house.meeting.id, by: house.host)
            }
            house.world.moveRecorder()
            house.world.clock.advance(by: 5)
            rounds += 1
        }
        let link = try await house.service.link(to: id, for: .download, by: house.owner)
        // The clock stands in January 2027.
        #expect(link.fileName == "Über -alles--nichts 2027-01-15 08.00 (audio).ogg")
        #expect(
            link.url.hasSuffix(
                "attachment; filename=\"_ber -alles--nichts 2027-01-15 08.00 (audio).ogg\"; "
                    + "filename*=UTF-8''%C3%9Cber%20-alles--nichts%202027-01-15%2008.00%20%28audio%29.ogg"))
        let now = house.world.clock.now
        await #expect(throws: ConferenceError.self) {
            try await house.service.setDeleteAfter(now, of: id, by: house.owner)
        }
        let kept = try await house.service.setDeleteAfter(now + 100, of: id, by: house.owner)
        #expect(kept.deleteAfter == now + 100)
        #expect(kept.checkAt == now + 100)
        try await house.service.delete(id, by: house.owner)
        try await house.service.delete(id, by: house.owner)
        try await house.world.attend()
        await #expect(throws: ConferenceError.notFound(.recording)) {
            try await house.service.recording(id, by: house.owner)
        }
        #expect(house.world.files.keys == [])
        #expect(
            house.world.audit.actions
                == [.recordingStarted, .recordingStopped, .recordingDownloaded, .recordingDeleted])
    }
}
