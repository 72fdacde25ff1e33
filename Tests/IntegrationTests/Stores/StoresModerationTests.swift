import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

@Suite struct StoresModerationTests {
    @Test func aRemovedAccountStaysOutOnAllDevicesUntilItIsLetBack() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id)
            let member = try await database.account("member@example.com")
            let gone = try await database.comer(meeting, member.principal)
            _ = try await database.participants.leave(gone.id, at: database.clock.now)
            let phone = try await database.comer(meeting, member.principal)
            let laptop = try await database.comer(meeting, member.principal)
            let now = database.clock.now
            let removal = try #require(await database.participants.remove(phone.id, from: meeting.id, at: now))
            #expect(removal.isNew)
            #expect(removal.participants.map(\.id) == [phone.id, laptop.id])
            #expect(removal.participants.allSatisfy { $0.removedAt == now && $0.leftAt == now })
            #expect(removal.changedMeeting == nil)
            let again = try #require(await database.participants.remove(phone.id, from: meeting.id, at: now))
            #expect(!again.isNew && again.participants == removal.participants)
            let attempt = try database.attempt(.id(meeting.id), member.principal)
            #expect(try await database.participants.join(attempt) == .keptOut)
            let listed = try await database.participants.removed(from: meeting.id, after: nil, limit: 10)
            #expect(listed == removal.participants)

            let elsewhere = try await database.meeting(of: database.account("other@example.com").id)
            _ = try await database.comer(elsewhere, member.principal)
            #expect(try await database.participants.remove(phone.id, from: elsewhere.id, at: now) == nil)

            #expect(try await database.participants.liftRemoval(of: laptop.id, in: meeting.id) == true)
            #expect(try await database.participants.liftRemoval(of: laptop.id, in: meeting.id) == false)
            _ = try await database.comer(meeting, member.principal)
            #expect(try await database.participants.removed(from: meeting.id, after: nil, limit: 10).isEmpty)
        }
    }

    @Test func aFullMeetingDoesntLookLikeARemoval() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id, MeetingSettings(capacity: 2))
            let member = try await database.account("member@example.com")
            for _ in 0..<2 { _ = try await database.comer(meeting, member.principal) }
            let outcome = try await database.participants.join(database.attempt(.id(meeting.id), member.principal))
            guard case .refused = outcome else {
                Issue.record("must be full, is \(outcome)")
                return
            }
        }
    }

    @Test func removingAGuestHoldsGuestsInTheLobby() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id)
            let first = try await database.comer(meeting)
            let second = try await database.comer(meeting)
            let now = database.clock.now
            let removal = try #require(await database.participants.remove(first.id, from: meeting.id, at: now))
            #expect(removal.participants.map(\.id) == [first.id], "guests have nothing in common")
            #expect(removal.changedMeeting?.settings.lobby == .guests)
            #expect(try await database.meetings.meeting(.id(meeting.id)) == removal.changedMeeting)
            #expect(try await database.comer(meeting).admittedAt == nil)
            let next = try #require(await database.participants.remove(second.id, from: meeting.id, at: now))
            #expect(next.changedMeeting == nil)
        }
    }

    @Test func hostsAreNeverRemoved() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            let host = try await database.comer(meeting, owner.principal)
            await #expect(throws: ConferenceError.conflict(.managesMeeting)) {
                try await database.participants.remove(host.id, from: meeting.id, at: database.clock.now)
            }
        }
    }

    @Test func nobodySlipsInWhileTheirAccountIsRemoved() async throws {
        try await StoreTestDatabase.with(loopCount: 2, poolSize: 16) { database in
            let owner = try await database.account()
            let member = try await database.account("member@example.com")
            for _ in 0..<10 {
                let meeting = try await database.meeting(of: owner.id)
                let first = try await database.comer(meeting, member.principal)
                let principal = member.principal
                async let removed = database.participants.remove(first.id, from: meeting.id, at: database.clock.now)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask(executorPreference: database.loops[number % database.loops.count]) {
                            _ = try await database.participants.join(database.attempt(.id(meeting.id), principal))
                        }
                    }
                    try await group.waitForAll()
                }
                _ = try await removed
                #expect(try await database.participants.present(in: meeting.id, limit: 100).isEmpty)
            }
        }
    }

    @Test func handsAndHostsChangeOnceAndOnlyForThosePresent() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id)
            let guest = try await database.comer(meeting)
            let (now, later) = (database.clock.now, database.clock.now.addingTimeInterval(5))
            let store = database.participants
            #expect(try await store.setHand(guest.id, in: meeting.id, raisedAt: now)?.isNew == true)
            let again = try #require(await store.setHand(guest.id, in: meeting.id, raisedAt: later))
            #expect(!again.isNew && again.participant.handRaisedAt == now)
            let lowered = try #require(await store.setHand(guest.id, in: meeting.id, raisedAt: nil))
            #expect(lowered.isNew && lowered.participant.handRaisedAt == nil)
            let made = try #require(await store.setCohost(guest.id, in: meeting.id, since: now))
            #expect(made.isNew && made.participant.actingRole == .host)
            #expect(try await store.setCohost(guest.id, in: meeting.id, since: later)?.isNew == false)
            #expect(try await store.setCohost(guest.id, in: meeting.id, since: nil)?.isNew == true)
            _ = try await store.leave(guest.id, at: now)
            #expect(try await store.setCohost(guest.id, in: meeting.id, since: now) == nil)
            #expect(try await store.setHand(guest.id, in: meeting.id, raisedAt: now) == nil)
        }
    }

    @Test func theTimelineTakesWhatHostsDo() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id)
            let guest = try await database.comer(meeting)
            let now = database.clock.now
            try await PostgresTimeline(database.postgres).record(
                TimelineEntry(
                    "participant.muted", in: meeting.id, participant: guest.id, at: now, details: ["source": "camera"]))
            let rows = try await database.postgres.query(
                """
                SELECT kind, occurred_at, details ->> 'source' FROM analytics_events
                WHERE meeting_id = $1 AND participant_id = $2
                """, [meeting.id.uuid, guest.id.uuid])
            let row = try #require(rows.first)
            #expect(try row.get(0, as: String.self) == "participant.muted")
            #expect(try row.get(1, as: Date.self) == now)
            #expect(try row.get(2, as: String.self) == "camera")
        }
    }

    @Test func messagesArePagedAndGoWithTheirMeeting() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id, MeetingSettings(chatHistory: true))
            #expect(try await database.meetings.meeting(.id(meeting.id))?.settings.chatHistory == true)
            let guest = try await database.comer(meeting)
            var sent: [Message] = []
            for number in 0..<3 {
                let message = Message(
                    id: MessageID(database.ids.next()), meetingID: meeting.id, participantID: guest.id,
                    displayName: guest.displayName, role: .guest, text: "Line \(number)", sentAt: database.clock.now)
                try await database.messages.insert(message)
                sent.append(message)
            }
            let store = database.messages
            #expect(try await store.messages(in: meeting.id, since: nil, before: nil, limit: 2) == [sent[2], sent[1]])
            #expect(try await store.messages(in: meeting.id, since: nil, before: sent[1].id, limit: 2) == [sent[0]])
            let since = sent[1].sentAt
            #expect(
                try await store.messages(in: meeting.id, since: since, before: nil, limit: 9) == [sent[2], sent[1]])
            #expect(try await store.message(sent[0].id, in: meeting.id) == sent[0])
            #expect(try await store.message(sent[0].id, in: MeetingID(database.ids.next())) == nil)
            #expect(try await store.delete(sent[0].id, in: meeting.id))
            #expect(try await !store.delete(sent[0].id, in: meeting.id))
            #expect(try await database.meetings.delete(meeting.id))
            #expect(try await store.messages(in: meeting.id, since: nil, before: nil, limit: 9).isEmpty)
        }
    }
}
