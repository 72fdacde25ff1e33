import Conference
import ConferenceTestSupport
import FoundationEssentials
import Testing

@Suite struct MessageServiceTests {
    let world = LiveWorld()

    @Test func aMessageReachesListenersAndIsKeptOnlyWhereTheMeetingWantsIt() async throws {
        for keeps in [false, true] {
            let world = LiveWorld()
            let meeting = try await world.joining.meeting(MeetingDraft(title: "T", chatHistory: keeps))
            let (guest, caller) = try await world.guest(meeting)
            let message = try await world.chat.send(" Hello\r\n\n\nthere ", in: meeting.id, by: caller)
            #expect(message.text == "Hello\n\nthere")
            #expect(world.events.events.last?.data["text"] == .string("Hello\n\nthere"))
            #expect(world.events.events.last?.data["participantId"] == .string("\(guest.id)"))
            #expect(world.messages.all == (keeps ? [message] : []))
        }
    }

    @Test func lateComersReadThisGatheringAndTheOwnerEverything() async throws {
        let meeting = try await world.joining.meeting(
            MeetingDraft(title: "T", kind: .recurring, chatHistory: true))
        let (_, early) = try await world.guest(meeting)
        _ = try await world.chat.send("yesterday", in: meeting.id, by: early)
        world.clock.advance(by: 60)
        _ = try await world.controls.end(meeting.id, by: world.owner)
        let (_, next) = try await world.guest(meeting)
        _ = try await world.chat.send("today", in: meeting.id, by: next)
        let (_, late) = try await world.guest(meeting)
        #expect(try await texts(meeting, late) == ["today"])
        #expect(try await texts(meeting, world.owner) == ["today", "yesterday"])
    }

    private func texts(_ meeting: Meeting, _ caller: MeetingCaller) async throws -> [String] {
        try await world.chat.list(PageRequest(), in: meeting.id, by: caller).items.map(\.text)
    }

    @Test func whoMayChatIsASetting() async throws {
        let meeting = try await world.joining.meeting(MeetingDraft(title: "T", chat: .hosts))
        let (guest, caller) = try await world.guest(meeting)
        await #expect(throws: ConferenceError.forbidden) { try await world.chat.send("x", in: meeting.id, by: caller) }
        _ = try await world.moderation.setCohost(true, guest.id, in: meeting.id, by: world.owner)
        #expect(try await world.chat.send("x", in: meeting.id, by: caller).role == .host)
    }

    @Test func emptyAndOverlongMessagesAreRefused() async throws {
        let meeting = try await world.joining.meeting()
        let (_, caller) = try await world.guest(meeting)
        for text in ["", " \n\u{200B}", String(repeating: "x", count: 2001)] {
            let error = await #expect(throws: ConferenceError.self) {
                try await world.chat.send(text, in: meeting.id, by: caller)
            }
            #expect(error?.code == "invalid")
        }
        _ = try await world.chat.send(String(repeating: "x", count: 2000), in: meeting.id, by: caller)
    }

    @Test func talkingTooMuchIsLimited() async throws {
        let meeting = try await world.joining.meeting()
        let (_, caller) = try await world.guest(meeting)
        for _ in 0..<Limits.messagesPerParticipant.capacity {
            _ = try await world.chat.send("x", in: meeting.id, by: caller)
        }
        let error = await #expect(throws: ConferenceError.self) {
            try await world.chat.send("x", in: meeting.id, by: caller)
        }
        #expect(error?.code == "too_many_attempts")
    }

    @Test func oneDeletesOnesOwnAndHostsAnybodys() async throws {
        let meeting = try await world.joining.meeting(MeetingDraft(title: "T", chatHistory: true))
        let (_, author) = try await world.guest(meeting)
        let (_, other) = try await world.guest(meeting)
        let first = try await world.chat.send("1", in: meeting.id, by: author)
        let second = try await world.chat.send("2", in: meeting.id, by: author)
        await #expect(throws: ConferenceError.forbidden) {
            try await world.chat.delete(first.id, in: meeting.id, by: other)
        }
        try await world.chat.delete(first.id, in: meeting.id, by: author)
        #expect(!world.joining.audit.actions.contains(.messageDeleted))
        try await world.chat.delete(second.id, in: meeting.id, by: world.owner)
        #expect(world.joining.audit.actions.last == .messageDeleted)
        #expect(world.messages.all.isEmpty)
        await #expect(throws: ConferenceError.notFound(.message)) {
            try await world.chat.delete(second.id, in: meeting.id, by: world.owner)
        }
        #expect(world.events.events.last?.data == ["id": .string("\(second.id)")])
    }
}
