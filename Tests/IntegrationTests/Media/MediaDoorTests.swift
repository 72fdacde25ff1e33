import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

/// A token stays good for a while after its owner was thrown out; whoever uses it again has to go.
@Suite(.timeLimit(.minutes(5)))
struct MediaDoorTests {
    private func joined(_ id: ParticipantID, _ meeting: MeetingID, event: String = "participant_joined") -> String {
        let track = event == "track_published" ? #","track":{"sid":"TR_1","source":"CAMERA"}"# : ""
        return """
            {"event":"\(event)","id":"EV_\(id)_\(event)","createdAt":"1795397150",\
            "room":{"sid":"RM_1","name":"\(meeting)"},\
            "participant":{"sid":"PA_1","identity":"\(id)","joinedAt":"1795397150"}\(track)}
            """
    }

    private func throwOut(_ id: ParticipantID, _ meeting: MeetingID, _ world: MediaTestWorld) async throws {
        #expect(try await world.database.participants.remove(id, from: meeting, at: world.clock.now)?.isNew == true)
    }

    @Test(arguments: ["participant_joined", "track_published"])
    func whoWasThrownOutIsSentAwayWhenTheyComeAgain(event: String) async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 2)
            try await throwOut(guests[0], meeting, world)
            for guest in guests { #expect(try await world.deliver(joined(guest, meeting, event: event)) == .applied) }
            #expect(world.server.sentAway == [guests[0]])
        }
    }

    @Test func theReconcilerSendsAwayWhomTheEventDidNot() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 2)
            try await throwOut(guests[0], meeting, world)
            world.server.change { $0.isAway = true }
            #expect(try await world.deliver(joined(guests[0], meeting)) == .applied)
            #expect(world.server.sentAway.isEmpty)
            world.server.change { $0.isAway = false }
            MediaReconcilerTests.show(
                guests.map { MediaReconcilerTests.person($0, sid: "PA_\($0)") }, in: meeting, world)
            #expect(try await world.reconciler.run().repaired["participant_sent_away"] == 1)
            #expect(world.server.sentAway == [guests[0]])
            #expect(try await world.reconciler.run().repaired["participant_sent_away"] == nil)
        }
    }

    @Test func nobodyIsSentAwayOnceTheyMayComeBack() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 1)
            try await throwOut(guests[0], meeting, world)
            #expect(try await world.database.participants.liftRemoval(of: guests[0], in: meeting) == true)
            try await world.deliver(joined(guests[0], meeting))
            #expect(world.server.sentAway.isEmpty)
        }
    }

    @Test func whoWaitsInTheLobbyOrComesAfterTheEndIsSentAway() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 1)
            let (ended, late) = try await world.gathering(of: 1)
            _ = try await world.database.postgres.execute(
                "UPDATE participants SET admitted_at = NULL, seat_held_until = NULL WHERE id = $1", [guests[0].uuid])
            _ = try await world.database.postgres.execute(
                "UPDATE meetings SET state = 'ended', ended_at = started_at WHERE id = $1", [ended.uuid])
            try await world.deliver(joined(guests[0], meeting))
            try await world.deliver(joined(late[0], ended))
            #expect(world.server.sentAway == [guests[0], late[0]])
        }
    }

    /// The account left once, with a token that is still good, came again and was thrown out then.
    @Test func anAccountIsThrownOutWithItsEarlierTokens() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, _) = try await world.gathering(of: 1)
            let member = try await world.database.account("member@example.com")
            var ids: [ParticipantID] = []
            for _ in 0..<2 {
                let attempt = JoinAttempt(
                    meeting: .id(meeting), participantID: ParticipantID(world.database.ids.next()),
                    principal: Principal(accountID: member.id, role: .member), displayName: try DisplayName("Member"),
                    at: world.clock.now, seatHeldUntil: world.clock.now + 600)
                _ = try await world.database.participants.join(attempt)
                ids.append(attempt.participantID)
                if ids.count == 1 { _ = try await world.database.participants.leave(ids[0], at: world.clock.now) }
            }
            try await throwOut(ids[1], meeting, world)
            try await world.deliver(joined(ids[0], meeting))
            #expect(world.server.sentAway == [ids[0]])
        }
    }
}

/// Hosts end and delete meetings while events about them arrive.
@Suite(.timeLimit(.minutes(5)))
struct MediaContentionTests {
    @Test func endingAndDeletingNeverDeadlocksWithEvents() async throws {
        try await StoreTestDatabase.with(poolSize: 12) { database in
            let world = MediaTestWorld(
                database: database, clock: SettableClock(MediaTestWorld.begin + 16), server: ScriptedMediaServer())
            for run in 0..<20 {
                let (meeting, guests) = try await world.gathering(of: 4)
                let reports = guests.enumerated().map { index, guest in
                    MediaReport(
                        meetingID: meeting, roomSID: "RM_\(run)", source: .event,
                        facts: [
                            .roomExists(createdAt: nil),
                            .connected(guest, sid: "PA_\(run)_\(index)", at: MediaTestWorld.begin + 1),
                            .left(
                                guest, sid: "PA_\(run)_\(index)", joinedAt: nil, at: MediaTestWorld.begin + 9,
                                reason: nil), .roomFinished(at: MediaTestWorld.begin + 10),
                        ])
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for report in reports {
                        group.addTask { _ = try await world.store.apply(report, at: world.clock.now) }
                    }
                    group.addTask {
                        _ = try await database.meetings.end(meeting, at: world.clock.now)
                        _ = try await database.meetings.delete(meeting)
                    }
                    try await group.waitForAll()
                }
            }
        }
    }
}
