import Conference
import ConferenceTestSupport
import FoundationEssentials
import Testing

@Suite struct ModerationServiceTests {
    let world = LiveWorld()

    private static let tracks = [
        MediaTrack(sid: "TR_mic", kind: .audio, source: .microphone),
        MediaTrack(sid: "TR_cam", kind: .video, source: .camera),
        MediaTrack(sid: "TR_screen", kind: .video, source: .screenShare),
    ]

    @Test func mutingReachesThatTrackOnlyAndIsWrittenDownOnce() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, _) = try await world.guest(meeting)
        world.media.connect(guest, tracks: Self.tracks)
        try await world.moderation.mute(.microphone, of: guest.id, in: meeting.id, by: world.owner)
        try await world.moderation.mute(.microphone, of: guest.id, in: meeting.id, by: world.owner)
        #expect(world.media.calls.filter { $0.hasPrefix("muteTrack") } == ["muteTrack TR_mic"])
        #expect(world.joining.timeline.kinds == ["participant.muted"])
        #expect(world.events.events.last?.data["source"] == .string("microphone"))
    }

    @Test func endingAScreenShareTakesTheRightAndGivesItBack() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, _) = try await world.guest(meeting)
        world.media.connect(guest, tracks: Self.tracks)
        try await world.moderation.mute(.screenShare, of: guest.id, in: meeting.id, by: world.owner)
        let updates = world.media.calls.filter { $0.hasPrefix("update") }
        #expect(
            updates == [
                "update \(guest.id) [camera microphone] ",
                "update \(guest.id) [camera microphone screen_share screen_share_audio] ",
            ])
    }

    @Test func mutingWhoHasGoneOrIsNotConnectedSaysSo() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, _) = try await world.guest(meeting)
        await #expect(throws: ConferenceError.conflict(.participantNotConnected)) {
            try await world.moderation.mute(.camera, of: guest.id, in: meeting.id, by: world.owner)
        }
        world.store.markGone(guest.id, at: world.clock.now)
        await #expect(throws: ConferenceError.conflict(.participantGone)) {
            try await world.moderation.mute(.camera, of: guest.id, in: meeting.id, by: world.owner)
        }
        let other = try await world.joining.meeting()
        await #expect(throws: ConferenceError.notFound(.participant)) {
            try await world.moderation.mute(.camera, of: guest.id, in: other.id, by: world.owner)
        }
    }

    @Test func mutingEveryoneSparesHosts() async throws {
        let meeting = try await world.joining.meeting()
        let host = world.caller(
            of: try await world.joining.service.join(world.joining.signedIn(world.joining.owner, meeting)))
        let (guest, _) = try await world.guest(meeting)
        let (cohost, _) = try await world.member(meeting)
        _ = try await world.moderation.setCohost(true, cohost.id, in: meeting.id, by: world.owner)
        for person in [host.participant, guest, cohost] {
            world.media.connect(
                person, tracks: [MediaTrack(sid: "TR_\(person.id)", kind: .audio, source: .microphone)])
        }
        #expect(try await world.moderation.muteEveryone(.microphone, in: meeting.id, by: world.owner) == 1)
        #expect(world.media.calls.filter { $0.hasPrefix("muteTrack") } == ["muteTrack TR_\(guest.id)"])
    }

    @Test func whoIsThrownOutIsDisconnectedAndTheirAccountStaysOutUntilAHostLetsIt() async throws {
        let meeting = try await world.joining.meeting()
        let (phone, caller) = try await world.member(meeting)
        let (laptop, _) = try await world.member(meeting)
        try await world.moderation.remove(phone.id, from: meeting.id, by: world.owner)
        #expect(
            Set(world.media.calls.filter { $0.hasPrefix("remove") }) == ["remove \(phone.id)", "remove \(laptop.id)"])
        #expect(try await world.status(caller, meeting) == .removed)
        await #expect(throws: ConferenceError.notInMeeting) {
            try await world.access.standing(of: caller, in: meeting.id)
        }
        await #expect(throws: ConferenceError.removedFromMeeting) { try await world.member(meeting) }
        let listed = try await world.moderation.removed(PageRequest(), from: meeting.id, by: world.owner).items
        #expect(listed.map(\.id) == [phone.id, laptop.id])

        try await world.moderation.liftRemoval(of: phone.id, in: meeting.id, by: world.owner)
        try await world.moderation.liftRemoval(of: phone.id, in: meeting.id, by: world.owner)
        _ = try await world.member(meeting)
        #expect(world.joining.timeline.kinds == ["participant.removed", "participant.removal_lifted"])
    }

    @Test func whenAGuestIsThrownOutGuestsWaitInTheLobbyFromThenOn() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, _) = try await world.guest(meeting)
        try await world.moderation.remove(guest.id, from: meeting.id, by: world.owner)
        #expect(try await world.guest(meeting).participant.admittedAt == nil)
        #expect(try await world.member(meeting).participant.admittedAt != nil)
        #expect(world.events.names.contains("meeting.changed"))
    }

    @Test func removalStandsWhileTheMediaServerIsAwayAndIsFinishedByRepeatingIt() async throws {
        let meeting = try await world.joining.meeting()
        let (member, caller) = try await world.member(meeting)
        world.media.connect(member)
        world.media.isAway = true
        let away = ConferenceError.unavailable(service: "media server", cause: "test")
        await #expect(throws: away) {
            try await world.moderation.remove(member.id, from: meeting.id, by: world.owner)
        }
        #expect(try await world.status(caller, meeting) == .removed)
        world.media.isAway = false
        try await world.moderation.remove(member.id, from: meeting.id, by: world.owner)
        #expect(world.media.person(member.id, in: meeting.id) == nil)
        #expect(world.joining.timeline.kinds == ["participant.removed"])
    }

    @Test func hostsThatManageTheMeetingStay() async throws {
        let meeting = try await world.joining.meeting()
        let (host, _) = world.caller(
            of: try await world.joining.service.join(world.joining.signedIn(world.joining.owner, meeting)))
        let (cohost, caller) = try await world.member(meeting)
        _ = try await world.moderation.setCohost(true, cohost.id, in: meeting.id, by: world.owner)
        await #expect(throws: ConferenceError.conflict(.managesMeeting)) {
            try await world.moderation.remove(host.id, from: meeting.id, by: caller)
        }
        await #expect(throws: ConferenceError.conflict(.managesMeeting)) {
            try await world.moderation.setCohost(false, host.id, in: meeting.id, by: caller)
        }
    }

    @Test func aGuestMadeHostHostsButGetsNoPowerOnTheMediaServer() async throws {
        let meeting = try await world.joining.meeting(MeetingDraft(title: "T", screenShare: .hosts))
        let (guest, caller) = try await world.guest(meeting)
        world.media.connect(guest)
        let changed = try await world.moderation.setCohost(true, guest.id, in: meeting.id, by: world.owner)
        #expect(changed.role == .guest && changed.actingRole == .host)
        #expect(try await world.access.standing(of: caller, in: meeting.id).isHost)
        let grants = try #require(world.media.person(guest.id, in: meeting.id)?.grants)
        #expect(grants.publishSources.contains(.screenShare))
        #expect(!grants.roomAdmin)
        #expect(world.media.person(guest.id, in: meeting.id)?.attributes == ["role": "host"])
        #expect(try await world.participation.own(in: meeting.id, by: caller).connection?.grants.roomAdmin == false)

        _ = try await world.moderation.setCohost(false, guest.id, in: meeting.id, by: world.owner)
        #expect(try await !world.access.standing(of: caller, in: meeting.id).isHost)
        #expect(world.joining.timeline.kinds == ["host.added", "host.dropped"])
    }

    @Test func handsKeepTheirPlaceUntilTheyAreLowered() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, caller) = try await world.guest(meeting)
        world.media.connect(guest)
        let raised = try await world.participation.setHand(true, in: meeting.id, by: caller)
        world.clock.advance(by: 3)
        #expect(
            try await world.participation.setHand(true, in: meeting.id, by: caller).handRaisedAt == raised.handRaisedAt)
        #expect(world.media.person(guest.id, in: meeting.id)?.attributes["handRaisedAt"] == "1800000000.0")
        try await world.moderation.lowerHand(of: guest.id, in: meeting.id, by: world.owner)
        #expect(world.media.person(guest.id, in: meeting.id)?.attributes["handRaisedAt"] == "")
        #expect(world.joining.timeline.kinds == ["hand.raised", "hand.lowered"])
        #expect(world.joining.audit.actions.last == .handLowered)
    }

    @Test func guestsModerateNobody() async throws {
        let meeting = try await world.joining.meeting()
        let (guest, caller) = try await world.guest(meeting)
        let attempts: [(ModerationService) async throws -> Void] = [
            { try await $0.mute(.camera, of: guest.id, in: meeting.id, by: caller) },
            { _ = try await $0.muteEveryone(.camera, in: meeting.id, by: caller) },
            { try await $0.remove(guest.id, from: meeting.id, by: caller) },
            { try await $0.liftRemoval(of: guest.id, in: meeting.id, by: caller) },
            { _ = try await $0.setCohost(true, guest.id, in: meeting.id, by: caller) },
            { try await $0.lowerHand(of: guest.id, in: meeting.id, by: caller) },
        ]
        for attempt in attempts {
            await #expect(throws: ConferenceError.forbidden) { try await attempt(world.moderation) }
        }
        #expect(world.joining.timeline.kinds.isEmpty)
    }
}
