import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

/// What a look at the media server finds and repairs, each with nothing but the database to know from.
@Suite(.timeLimit(.minutes(5)))
struct MediaReconcilerTests {
    static func room(_ meeting: MeetingID, sid: String = "RM_1") -> MediaRoom {
        MediaRoom(sid: sid, name: meeting.description, createdAt: MediaTestWorld.begin)
    }

    static func person(_ id: ParticipantID, sid: String = "PA_1") -> MediaParticipant {
        MediaParticipant(sid: sid, identity: id.description, name: "Guest", joinedAt: MediaTestWorld.begin + 1)
    }

    /// A meeting on the media server with those who are connected there.
    static func show(_ people: [MediaParticipant], in meeting: MeetingID, _ world: MediaTestWorld) {
        world.server.change { content in
            content.rooms = [room(meeting)]
            content.participants = [meeting.description: people]
        }
    }

    private func guests(of world: MediaTestWorld, _ meeting: MeetingID, _ guests: [ParticipantID]) async throws
        -> [String]
    {
        try await world.state(of: meeting, guests: guests).filter { $0.hasPrefix("guest") || $0.hasPrefix("meeting") }
    }

    @Test func aMissedJoinIsRepairedOnce() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 1)
            Self.show([Self.person(guests[0])], in: meeting, world)
            let report = try await world.reconciler.run()
            #expect(report.repaired == ["participant_joined": 1, "room_opened": 1])
            #expect(
                try await self.guests(of: world, meeting, guests) == ["meeting live 0 -", "guest0 1000 -"])
            #expect(world.told.names(in: meeting) == ["participant.joined"])
            #expect(try await world.presence.count(meetingID: meeting.uuid) == 1)
            #expect(try await world.reconciler.run().repaired.isEmpty)
        }
    }

    @Test func anEventThatCameWhileTheClockWasAheadDoesNotWaitForThatTime() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 1)
            Self.show([Self.person(guests[0])], in: meeting, world)
            let event = MediaEvent(
                id: "EV_ahead", name: "room_started", occurredAt: MediaTestWorld.begin,
                room: MediaEvent.Room(sid: "RM_1", name: meeting.description, createdAt: MediaTestWorld.begin))
            #expect(try await world.store.insert(event, receivedAt: world.clock.now + 3600))
            #expect(try await world.reconciler.run().repaired["event_applied"] == 1)
            #expect(try await world.reconciler.run().repaired["event_applied"] == nil)
        }
    }

    @Test func aMissedLeaveIsRepairedOnceItsNewsIsOld() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 1)
            Self.show([Self.person(guests[0])], in: meeting, world)
            _ = try await world.reconciler.run()
            Self.show([], in: meeting, world)
            // What was learnt a moment before may be the newer news.
            world.clock.set(world.clock.now + 4)
            #expect(try await world.reconciler.run().repaired.isEmpty)
            world.clock.set(world.clock.now + 2)
            #expect(try await world.reconciler.run().repaired == ["participant_left": 1])
            #expect(try await self.guests(of: world, meeting, guests)[1] == "guest0 1000 22000")
            #expect(world.told.names(in: meeting) == ["participant.joined", "participant.left"])
            #expect(try await world.presence.count(meetingID: meeting.uuid) == 0)
        }
    }

    @Test func aRoomThatIsGoneEndsTheMeeting() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 1)
            Self.show([Self.person(guests[0])], in: meeting, world)
            _ = try await world.reconciler.run()
            world.server.change { $0.rooms = [] }
            world.clock.set(world.clock.now + 60)
            let report = try await world.reconciler.run()
            #expect(report.repaired == ["participant_left": 1, "room_finished": 1, "meeting_finished": 1])
            #expect(
                try await self.guests(of: world, meeting, guests) == ["meeting ended 0 76000", "guest0 1000 76000"])
            #expect(try await world.reconciler.run().repaired.isEmpty)
        }
    }

    @Test func aMeetingIsNotEndedWhileASeatIsHeld() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 1, seatHeldFor: 600)
            world.clock.set(MediaTestWorld.begin + 599)
            #expect(try await world.reconciler.run().repaired.isEmpty)
            world.clock.set(MediaTestWorld.begin + 600)
            #expect(try await world.reconciler.run().repaired == ["meeting_finished": 1])
            #expect(try await self.guests(of: world, meeting, guests)[1] == "guest0 - 600000")
        }
    }

    @Test func theRoomOfAnEndedMeetingIsDeletedAndNoOther() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, _) = try await world.gathering(of: 1)
            let (live, _) = try await world.gathering(of: 1)
            _ = try await world.database.postgres.execute(
                "UPDATE meetings SET state = 'ended', ended_at = started_at WHERE id = $1", [meeting.uuid])
            let unknown = MeetingID(UUID())
            world.server.change {
                $0.rooms = [
                    Self.room(meeting), Self.room(live, sid: "RM_2"), Self.room(unknown, sid: "RM_3"),
                    MediaRoom(sid: "RM_4", name: "another-installation", createdAt: nil),
                ]
            }
            #expect(try await world.reconciler.run().deletedRooms == 1)
            #expect(world.server.deleted == [meeting.description])
        }
    }

    @Test func aMissedEndOfARecordingIsHandedOverWhileItIsNews() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, _) = try await world.gathering(of: 1)
            func recording(_ id: String, endedBefore age: TimeInterval) -> MediaEgress {
                let end = world.clock.now - age
                return MediaEgress(
                    id: id, roomName: meeting.description, status: .complete, startedAt: end - 60, endedAt: end,
                    updatedAt: end)
            }
            let recordings = [recording("EG_new", endedBefore: 3599), recording("EG_old", endedBefore: 3601)]
            world.server.change { $0.recordings = recordings }
            _ = try await world.reconciler.run()
            #expect(world.egress.reports.map(\.id) == ["EG_new"])
        }
    }

    @Test func nothingIsRepairedWhileTheMediaServerIsAway() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 1)
            Self.show([Self.person(guests[0])], in: meeting, world)
            _ = try await world.reconciler.run()
            world.server.change { $0.isAway = true }
            world.clock.set(world.clock.now + 3600)
            await #expect(throws: ConferenceError.self) { try await world.reconciler.run() }
            #expect(try await self.guests(of: world, meeting, guests)[1] == "guest0 1000 -")
        }
    }

    @Test func aLeaseIsOneInstancesUntilItEndsOrIsReleased() async throws {
        try await StoreTestDatabase.with { database in
            let first = UUID()
            let second = UUID()
            let here = PostgresLeases(database.postgres)
            let there = PostgresLeases(database.postgres)
            #expect(try await here.acquire("reconciler", holder: first, for: .seconds(600)))
            #expect(try await !there.acquire("reconciler", holder: second, for: .seconds(600)))
            #expect(try await here.acquire("reconciler", holder: first, for: .seconds(600)))
            #expect(try await there.acquire("another", holder: second, for: .seconds(600)))
            try await there.release("reconciler", holder: second)
            #expect(try await !there.acquire("reconciler", holder: second, for: .seconds(600)))
            try await here.release("reconciler", holder: first)
            #expect(try await there.acquire("reconciler", holder: second, for: .seconds(600)))
            // Its holder was killed: after the lease's end another one has it.
            _ = try await database.postgres.execute(
                "UPDATE service_leases SET held_until = now() - interval '1 second'")
            #expect(try await here.acquire("reconciler", holder: first, for: .seconds(600)))
        }
    }
}
