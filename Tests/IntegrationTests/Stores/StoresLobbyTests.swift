import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

@Suite struct StoresLobbyTests {
    private func admit(
        _ id: ParticipantID, _ meeting: Meeting, _ database: StoreTestDatabase, at moment: Date? = nil
    ) async throws -> AdmissionOutcome {
        let now = moment ?? database.clock.now
        return try await database.participants.admit(
            id, in: meeting.id, knockedAfter: now.addingTimeInterval(-900), at: now,
            seatHeldUntil: now.addingTimeInterval(600))
    }

    @Test func theFirstWhoIsLetInStartsTheMeeting() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id, MeetingSettings(lobby: .everyone))
            let guest = try await database.comer(meeting)
            #expect(try await database.meetings.meeting(.id(meeting.id))?.state == .scheduled)
            let now = database.clock.now
            guard case .admitted(let admitted, let after) = try await admit(guest.id, meeting, database, at: now) else {
                Issue.record("must let in")
                return
            }
            #expect(after.state == .live && after.startedAt == now && after.version == 2)
            #expect(admitted.admittedAt == now && admitted.seatHeldUntil == now.addingTimeInterval(600))
            #expect(try await database.meetings.meeting(.id(meeting.id)) == after)
            #expect(try await database.participants.participant(guest.id) == admitted)
            #expect(try await admit(guest.id, meeting, database) == .already(admitted))
            #expect(try await database.meetings.meeting(.id(meeting.id)) == after, "only the first starts it")
        }
    }

    @Test func whoIsNotWaitingIsNotLetIn() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id, MeetingSettings(lobby: .everyone))
            let other = try await database.meeting(of: owner.id, MeetingSettings(lobby: .everyone))
            let guest = try await database.comer(meeting)
            #expect(try await admit(guest.id, other, database) == .missing)
            let late = guest.joinedAt.addingTimeInterval(900)
            #expect(try await admit(guest.id, meeting, database, at: late) == .notWaiting)
            guard case .denied(let denied) = try await database.participants.deny(guest.id, in: meeting.id, at: late)
            else {
                Issue.record("must turn away")
                return
            }
            #expect(denied.deniedAt == late && denied.leftAt == late)
            #expect(try await database.participants.deny(guest.id, in: meeting.id, at: late) == .already)
            #expect(try await database.participants.deny(guest.id, in: other.id, at: late) == .missing)
            #expect(try await admit(guest.id, meeting, database) == .notWaiting)

            let second = try await database.comer(meeting)
            _ = try await database.meetings.end(meeting.id, at: database.clock.now)
            #expect(try await admit(second.id, meeting, database) == .notWaiting)
            #expect(try await database.participants.deny(second.id, in: meeting.id, at: late) == .notWaiting)
        }
    }

    @Test func twoHundredAdmissionsAtOnceNeverExceedTheCapacity() async throws {
        try await StoreTestDatabase.with(loopCount: 2, poolSize: 16) { database in
            let settings = MeetingSettings(lobby: .everyone, capacity: 50)
            let meeting = try await database.meeting(of: database.account().id, settings)
            var waiting: [ParticipantID] = []
            for _ in 0..<200 { waiting.append(try await database.comer(meeting).id) }
            let outcomes = try await withThrowingTaskGroup(of: AdmissionOutcome.self) { group in
                for (number, id) in waiting.enumerated() {
                    group.addTask(executorPreference: database.loops[number % database.loops.count]) {
                        try await self.admit(id, meeting, database)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { if case .admitted = $0 { true } else { false } } == 50)
            #expect(outcomes.count { $0 == .full } == 150)
        }
    }

    @Test func openingTheDoorToAllWhileOthersJoinNeverExceedsTheCapacity() async throws {
        try await StoreTestDatabase.with(loopCount: 2, poolSize: 16) { database in
            let settings = MeetingSettings(lobby: .guests, capacity: 30)
            let meeting = try await database.meeting(of: database.account().id, settings)
            let member = try await database.account("member@example.com")
            for _ in 0..<40 { _ = try await database.comer(meeting) }
            let now = database.clock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask(executorPreference: database.loops[number % database.loops.count]) {
                        if number % 4 == 0 {
                            _ = try await database.participants.admitAll(
                                in: meeting.id, knockedAfter: now.addingTimeInterval(-900), at: now,
                                seatHeldUntil: now.addingTimeInterval(600))
                        } else {
                            _ = try await database.participants.join(
                                database.attempt(.id(meeting.id), member.principal))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let present = try await database.participants.present(in: meeting.id, limit: 1000)
            #expect(present.count { $0.admittedAt != nil } == 30)
        }
    }

    @Test func allAreLetInInTheOrderOfComing() async throws {
        try await StoreTestDatabase.with { database in
            let settings = MeetingSettings(lobby: .everyone, capacity: 2)
            let meeting = try await database.meeting(of: database.account().id, settings)
            var waiting: [Participant] = []
            for _ in 0..<3 { waiting.append(try await database.comer(meeting)) }
            let now = database.clock.now
            let before = now.addingTimeInterval(-900)
            let outcome = try await database.participants.admitAll(
                in: meeting.id, knockedAfter: before, at: now, seatHeldUntil: now.addingTimeInterval(600))
            #expect(outcome?.admitted.map(\.id) == waiting.prefix(2).map(\.id))
            #expect(outcome?.stillWaiting == 1)
            #expect(try await database.meetings.meeting(.id(meeting.id))?.state == .live)
            let again = try await database.participants.admitAll(
                in: meeting.id, knockedAfter: before, at: now, seatHeldUntil: now.addingTimeInterval(600))
            #expect(again == GroupAdmission(admitted: [], stillWaiting: 1))
            _ = try await database.meetings.end(meeting.id, at: now)
            await #expect(throws: ConferenceError.meetingEnded) {
                try await database.participants.admitAll(
                    in: meeting.id, knockedAfter: before, at: now, seatHeldUntil: now.addingTimeInterval(600))
            }
        }
    }

    @Test func listsAreCutAndFiltered() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id, MeetingSettings(lobby: .guests))
            let host = try await database.comer(meeting, owner.principal)
            let first = try await database.comer(meeting)
            let second = try await database.comer(meeting)
            func ids(waiting: Bool?, after: ParticipantID? = nil, limit: Int = 10) async throws -> [ParticipantID] {
                try await database.participants.participants(
                    in: meeting.id, waiting: waiting, knockedAfter: first.joinedAt.addingTimeInterval(-1), after: after,
                    limit: limit
                ).map(\.id)
            }
            #expect(try await ids(waiting: nil) == [host.id, first.id, second.id])
            #expect(try await ids(waiting: nil, after: host.id, limit: 1) == [first.id])
            #expect(try await ids(waiting: true) == [first.id, second.id])
            #expect(try await ids(waiting: false) == [host.id])
            let later = try await database.participants.participants(
                in: meeting.id, waiting: nil, knockedAfter: second.joinedAt, after: nil, limit: 10)
            #expect(later.map(\.id) == [host.id], "whose knock is too old waits no longer")
        }
    }

    @Test func aSeatIsKeptForWhoHoldsItAndTakenAnewByWhoLostIt() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id, MeetingSettings(capacity: 2))
            let now = database.clock.now
            let slow = try await database.comer(meeting, at: now)
            func hold(_ id: ParticipantID, at moment: Date) async throws -> AdmissionOutcome {
                try await database.participants.holdSeat(
                    of: id, in: meeting.id, at: moment, until: moment.addingTimeInterval(600))
            }
            guard case .admitted(let kept, _) = try await hold(slow.id, at: now.addingTimeInterval(60)) else {
                Issue.record("must keep the seat")
                return
            }
            #expect(kept.seatHeldUntil == now.addingTimeInterval(660))
            #expect(kept.admittedAt == slow.admittedAt)
            let late = now.addingTimeInterval(661)
            let others = [
                try await database.comer(meeting, at: late), try await database.comer(meeting, at: late),
            ]
            #expect(try await hold(slow.id, at: late) == .full)
            _ = try await database.participants.leave(others[0].id, at: late)
            guard case .admitted = try await hold(slow.id, at: late) else {
                Issue.record("must find the free seat")
                return
            }
            #expect(try await hold(others[0].id, at: late) == .notWaiting)
        }
    }

    @Test func knocksEndAfterTheirTime() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id, MeetingSettings(lobby: .everyone))
            let now = database.clock.now
            let old = try await database.comer(meeting, at: now.addingTimeInterval(-900))
            let young = try await database.comer(meeting, at: now.addingTimeInterval(-899))
            let ended = try await database.participants.endKnocks(before: now.addingTimeInterval(-900), at: now)
            #expect(ended.map(\.id) == [old.id])
            #expect(ended.first?.status(at: now) == .unanswered)
            #expect(try await database.participants.endKnocks(before: now.addingTimeInterval(-900), at: now).isEmpty)
            #expect(try await database.participants.participant(young.id)?.leftAt == nil)
        }
    }
}
