import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

@Suite struct StoresJoinTests {
    @Test func aPlaceIsAMeetingWithSomeoneWhoCameToIt() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            let other = try await database.meeting(of: owner.id)
            let guest = try await database.comer(meeting)
            _ = try await database.participants.leave(guest.id, at: database.clock.now)
            let live = try #require(await database.meetings.meeting(.id(meeting.id)))
            let gone = try #require(await database.participants.participant(guest.id))
            let place = try await database.participants.place(of: guest.id, in: meeting.id)
            #expect(place == MeetingPlace(meeting: live, participant: gone))
            let elsewhere = try await database.participants.place(of: guest.id, in: other.id)
            #expect(elsewhere == MeetingPlace(meeting: other, participant: nil))
            let nowhere = MeetingID(database.ids.next())
            #expect(try await database.participants.place(of: guest.id, in: nowhere) == nil)
        }
    }

    @Test func theFirstJoinStartsTheMeetingAndAllAreRecorded() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            let attempts = [
                try database.attempt(.code(meeting.joinCode)), try database.attempt(.id(meeting.id), owner.principal),
            ]
            var recorded: [Participant] = []
            for attempt in attempts {
                guard case .recorded(let participant, let after, false) = try await database.participants.join(attempt)
                else {
                    Issue.record("the door must open")
                    return
                }
                #expect(after.state == .live)
                #expect(after.startedAt == attempts[0].at)
                #expect(after.version == 2)
                #expect(try await database.meetings.meeting(.id(meeting.id)) == after)
                recorded.append(participant)
            }
            #expect(recorded.map(\.role) == [.guest, .host])
            #expect(try await database.participants.present(in: meeting.id, limit: 10) == recorded)
            #expect(try await database.participants.leave(recorded[0].id, at: database.clock.now))
            #expect(try await !database.participants.leave(recorded[0].id, at: database.clock.now))
            #expect(try await database.participants.present(in: meeting.id, limit: 10) == [recorded[1]])
        }
    }

    /// The statement and `Meeting.refusal(of:)` say the same thing in two languages; this holds them together.
    @Test func theDatabaseRefusesExactlyWhatTheDomainRefuses() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let member = try await database.account("member@example.com")
            let admin = try await database.account("admin@example.com", .admin)
            let comers: [Principal?] = [nil, member.principal, owner.principal, admin.principal]
            let lobbies = LobbyPolicy.allCases
            for isLocked in [false, true] {
                for passcode in [nil, PasswordHash.sample] {
                    for (index, comer) in comers.enumerated() {
                        for verified in [nil, PasswordHash.sample, .other] {
                            for state in MeetingState.allCases {
                                let settings = MeetingSettings(
                                    passcodeHash: passcode, lobby: lobbies[index % 3], locked: isLocked)
                                var meeting = try await database.meeting(of: owner.id, settings)
                                if state == .live {
                                    _ = try await database.participants.join(
                                        database.attempt(.id(meeting.id), owner.principal))
                                }
                                if state == .ended {
                                    _ = try await database.meetings.end(meeting.id, at: meeting.createdAt)
                                }
                                meeting = try #require(await database.meetings.meeting(.id(meeting.id)))
                                let attempt = try database.attempt(.id(meeting.id), comer, passcode: verified)
                                let outcome = try await database.participants.join(attempt)
                                guard meeting.refusal(of: attempt) == nil else {
                                    #expect(outcome == .refused(meeting))
                                    continue
                                }
                                guard case .recorded(let participant, _, _) = outcome else {
                                    Issue.record("must open: \(settings) \(String(describing: comer))")
                                    continue
                                }
                                #expect(participant.role == meeting.role(of: comer))
                                let waits =
                                    participant.role != .host
                                    && (settings.lobby == .everyone
                                        || (settings.lobby == .guests && participant.role == .guest))
                                #expect((participant.admittedAt == nil) == waits)
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func anUnknownMeetingIsMissing() async throws {
        try await StoreTestDatabase.with { database in
            let attempt = try database.attempt(.code(JoinCode(random: SystemRandomSource())))
            #expect(try await database.participants.join(attempt) == .missing)
        }
    }

    @Test func twoHundredAtOnceNeverExceedTheCapacity() async throws {
        try await StoreTestDatabase.with(loopCount: 2, poolSize: 16) { database in
            let meeting = try await database.meeting(of: database.account().id, MeetingSettings(capacity: 50))
            let admitted = try await joinAll(200, meeting, database)
            #expect(admitted == 50)
            #expect(try await database.participants.present(in: meeting.id, limit: 1000).count == 50)
        }
    }

    @Test func twoHundredAtOnceStartAMeetingWithoutALimitOnceAndLoseNobody() async throws {
        try await StoreTestDatabase.with(loopCount: 2, poolSize: 16) { database in
            let meeting = try await database.meeting(of: database.account().id)
            #expect(try await joinAll(200, meeting, database) == 200)
            #expect(try await database.participants.present(in: meeting.id, limit: 1000).count == 200)
            #expect(try await database.meetings.meeting(.id(meeting.id))?.version == 2)
        }
    }

    @Test func nobodySlipsInWhileTheMeetingIsEnded() async throws {
        try await StoreTestDatabase.with(loopCount: 2, poolSize: 16) { database in
            for _ in 0..<5 {
                let meeting = try await database.meeting(of: database.account("\(database.ids.next())@example.com").id)
                _ = try await database.participants.join(database.attempt(.id(meeting.id)))
                async let joined = joinAll(100, meeting, database)
                async let ended = database.meetings.end(meeting.id, at: database.clock.now)
                _ = try await (joined, ended)
                #expect(try await database.participants.present(in: meeting.id, limit: 1000).isEmpty)
            }
        }
    }

    @Test func aSeatThatNobodyTookIsFreeAgainAndAConnectedOneIsNot() async throws {
        try await StoreTestDatabase.with { database in
            let meeting = try await database.meeting(of: database.account().id, MeetingSettings(capacity: 2))
            let now = database.clock.now
            let first = try database.attempt(.id(meeting.id), at: now)
            _ = try await database.participants.join(first)
            _ = try await database.participants.join(database.attempt(.id(meeting.id), at: now))
            try await database.postgres.execute(
                "UPDATE participants SET connected_at = $2 WHERE id = $1", [first.participantID.uuid, now])
            #expect(try await isRefused(database.attempt(.id(meeting.id), at: now.addingTimeInterval(599)), database))
            #expect(try await !isRefused(database.attempt(.id(meeting.id), at: now.addingTimeInterval(601)), database))
            #expect(try await isRefused(database.attempt(.id(meeting.id), at: now.addingTimeInterval(602)), database))
        }
    }

    private func isRefused(_ attempt: JoinAttempt, _ database: StoreTestDatabase) async throws -> Bool {
        if case .refused = try await database.participants.join(attempt) { return true }
        return false
    }

    /// How many of `count` guests who come at once are let in.
    private func joinAll(_ count: Int, _ meeting: Meeting, _ database: StoreTestDatabase) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<count {
                let attempt = try database.attempt(.code(meeting.joinCode))
                group.addTask(executorPreference: database.loops[number % database.loops.count]) {
                    if case .recorded = try await database.participants.join(attempt) { return true }
                    return false
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
    }
}
