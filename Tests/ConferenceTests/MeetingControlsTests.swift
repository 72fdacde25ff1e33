import Conference
import ConferenceTestSupport
import FoundationEssentials
import Testing

@Suite struct MeetingControlsTests {
    let world = LiveWorld()
    let away = ConferenceError.unavailable(service: "media server", cause: "test")

    @Test func theRoomIsMadeForTheFirstWhoComesInAndSaysWhatTheMeetingIs() async throws {
        let meeting = try await world.joining.meeting(MeetingDraft(title: "Weekly", chat: .hosts))
        for _ in 0..<3 { _ = try await world.guest(meeting) }
        #expect(world.media.calls == ["createRoom \(meeting.id)"], "people who come at once cost one call")
        let metadata = try #require(world.media.rooms[meeting.id]?.metadata)
        #expect(metadata.contains(#""title":"Weekly""#) && metadata.contains(#""chat":"hosts""#))
        world.clock.advance(by: 6)
        _ = try await world.guest(meeting)
        #expect(world.media.calls.count == 2, "it may have gone meanwhile")
    }

    @Test func nobodyJoinsWithoutARoomAndNothingIsLeftBehind() async throws {
        let meeting = try await world.joining.meeting()
        world.media.isAway = true
        await #expect(throws: away) { try await world.guest(meeting) }
        #expect(world.store.participants.isEmpty)
        #expect(try await world.store.meeting(.id(meeting.id))?.state == .scheduled)
        world.media.isAway = false
        #expect(try await world.guest(meeting).participant.admittedAt != nil)
    }

    @Test func whoTheDoorStaysShutForGetsNoRoom() async throws {
        let locked = try await world.joining.meeting(MeetingDraft(title: "T", locked: true))
        let secret = try await world.joining.meeting(MeetingDraft(title: "T", passcode: "2468"))
        for meeting in [locked, secret] { _ = try? await world.guest(meeting) }
        #expect(world.media.calls.isEmpty)
    }

    @Test func aChangeOfRightsReachesThoseWhoAreThereAndNobodyElse() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, _) = try await world.guest(meeting)
        let (host, _) = world.caller(
            of: try await world.joining.service.join(world.joining.signedIn(world.joining.owner, meeting)))
        for person in [guest, host] {
            world.media.connect(person, grants: RoomGrants(of: person, settings: meeting.settings))
        }
        var change = MeetingChange()
        change.screenShare = .set(.hosts)
        let changed = try await world.controls.changeSettings(meeting.id, change, by: world.owner)
        #expect(changed.settings.screenShare == .hosts)
        #expect(world.media.calls.filter { $0.hasPrefix("update") } == ["update \(guest.id) [camera microphone] "])
        #expect(world.media.rooms[meeting.id]?.metadata.contains(#""screenShare":"hosts""#) == true)
        #expect(world.events.names.last == "meeting.changed")
    }

    @Test func rightsThatDidNotReachTheMediaServerReachItWhenTheChangeIsRepeated() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, _) = try await world.guest(meeting)
        world.media.connect(guest, grants: RoomGrants(of: guest, settings: meeting.settings))
        var change = MeetingChange()
        change.screenShare = .set(.nobody)
        world.media.isAway = true
        await #expect(throws: away) {
            try await world.controls.changeSettings(meeting.id, change, by: world.owner)
        }
        world.media.isAway = false
        _ = try await world.controls.changeSettings(meeting.id, change, by: world.owner)
        #expect(world.media.person(guest.id, in: meeting.id)?.grants?.publishSources == [.camera, .microphone])
    }

    @Test func lockingWorksWithoutTheMediaServer() async throws {
        let meeting = try await world.joining.meeting()
        _ = try await world.guest(meeting)
        world.media.isAway = true
        var change = MeetingChange()
        change.locked = .set(true)
        _ = try await world.controls.changeSettings(meeting.id, change, by: world.owner)
        await #expect(throws: ConferenceError.meetingLocked) { try await world.guest(meeting) }
    }

    @Test func aCohostChangesSettingsAndEndsTheMeetingForAll() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, caller) = try await world.guest(meeting)
        await #expect(throws: ConferenceError.forbidden) { try await world.controls.end(meeting.id, by: caller) }
        await #expect(throws: ConferenceError.forbidden) {
            try await world.controls.changeSettings(meeting.id, MeetingChange(), by: caller)
        }
        _ = try await world.moderation.setCohost(true, guest.id, in: meeting.id, by: world.owner)
        #expect(try await world.controls.end(meeting.id, by: caller).state == .ended)
        #expect(world.media.rooms.isEmpty)
        #expect(world.events.names.last == "meeting.ended")
    }

    @Test func endingCanBeRepeatedUntilTheRoomIsGone() async throws {
        let meeting = try await world.joining.meeting()
        _ = try await world.guest(meeting)
        world.media.isAway = true
        await #expect(throws: away) { try await world.controls.end(meeting.id, by: world.owner) }
        world.media.isAway = false
        _ = try await world.controls.end(meeting.id, by: world.owner)
        #expect(world.media.rooms.isEmpty)
        #expect(world.events.names.filter { $0 == "meeting.ended" }.count == 1)
    }
}
