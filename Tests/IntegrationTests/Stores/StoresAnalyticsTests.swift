import Conference
import ConferenceStores
import FoundationEssentials
import Platform
import Postgres
import Testing

@Suite struct StoresAnalyticsTests {
    /// 2026-03-02T09:00:00Z, a Monday.
    static let begin = Date(timeIntervalSince1970: 1_772_442_000)

    private static func store(_ database: StoreTestDatabase) -> PostgresAnalyticsStore {
        PostgresAnalyticsStore(database.postgres)
    }

    private static func report(
        _ database: StoreTestDatabase, _ meeting: Meeting, room: String = "RM_1", _ facts: MediaFact...
    ) async throws {
        _ = try await PostgresMediaStateStore(database.postgres).apply(
            MediaReport(meetingID: meeting.id, roomSID: room, source: .event, facts: facts), at: begin + 1)
    }

    private static func summarise(_ database: StoreTestDatabase) async throws -> Int {
        try await store(database).summarise(endedBefore: begin + 86_400 * 365, limit: 1000)
    }

    private static func period(
        _ from: TimeInterval, _ to: TimeInterval, _ interval: AnalyticsPeriod.Interval = .day
    ) throws -> AnalyticsPeriod {
        try AnalyticsPeriod(
            from: begin - 32_400 + from * 86_400, to: begin - 32_400 + to * 86_400, by: interval, now: begin)
    }

    /// Two who were there (one of them by two connections that overlap), one whose connection never came about, one who
    /// never tried; ended after two minutes.
    private static func gathering(_ database: StoreTestDatabase, _ meeting: Meeting) async throws -> [Participant] {
        var people: [Participant] = []
        for _ in 0..<4 { people.append(try await database.comer(meeting, at: begin)) }
        try await report(
            database, meeting, .roomExists(createdAt: begin),
            .left(people[0].id, sid: "PA_1", joinedAt: begin + 10, at: begin + 70, reason: nil),
            .left(people[0].id, sid: "PA_2", joinedAt: begin + 60, at: begin + 100, reason: nil),
            .connected(people[1].id, sid: "PA_3", at: begin + 50),
            .aborted(people[2].id, sid: "PA_4", at: begin + 20, reason: "timeout"))
        _ = try await database.meetings.end(meeting.id, at: begin + 120)
        try await report(
            database, meeting, .left(people[1].id, sid: "PA_3", joinedAt: begin + 50, at: begin + 90, reason: nil))
        return people
    }

    private static var figures: GatheringFigures {
        var figures = GatheringFigures()
        figures.participants = 2
        figures.peakParticipants = 2
        figures.joins = 3
        figures.leaves = 3
        figures.participantSeconds = 90 + 40
        figures.abortedConnections = 1
        figures.neverConnected = 2
        return figures
    }

    @Test func sumsUpAGatheringWhateverItsConnections() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            _ = try await Self.gathering(database, meeting)
            let expected = [Gathering(startedAt: Self.begin, endedAt: Self.begin + 120, figures: Self.figures)]
            // The same whether they are read from what they are made of or summed up.
            #expect(
                try await Self.store(database).analytics(of: meeting.id, at: Self.begin + 999).gatherings == expected)
            #expect(try await Self.summarise(database) == 1)
            #expect(try await Self.summarise(database) == 0)
            let analytics = try await Self.store(database).analytics(of: meeting.id, at: Self.begin + 999)
            #expect(analytics.gatherings == expected)
            #expect(analytics.totals.gatherings == 1)
            #expect(analytics.totals.durationSeconds == 120)
            #expect(analytics.totals.figures == Self.figures)
        }
    }

    @Test func whatIsLearntLaterIsSummedUpAgain() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            let people = try await Self.gathering(database, meeting)
            _ = try await Self.summarise(database)
            try await Self.report(
                database, meeting,
                .left(people[3].id, sid: "PA_5", joinedAt: Self.begin + 55, at: Self.begin + 65, reason: nil))
            #expect(try await Self.summarise(database) == 1)
            let figures = try await Self.store(database).analytics(of: meeting.id, at: Self.begin).totals.figures
            #expect(figures.participants == 3)
            #expect(figures.peakParticipants == 3)
            #expect(figures.participantSeconds == 140)
            #expect(figures.neverConnected == 1)
        }
    }

    @Test func recordingsAndFeedbackAreSummedUpAndDeletedRecordingsStay() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            let people = try await Self.gathering(database, meeting)
            let recordings = PostgresRecordingStore(database.postgres)
            let recording = Recording(
                id: RecordingID(database.ids.next()), meetingID: meeting.id, requestedBy: owner.id, kind: .audio,
                createdAt: Self.begin, checkAt: Self.begin)
            try await recordings.insert(recording)
            _ = try await Self.summarise(database)
            try await database.postgres.execute(
                """
                UPDATE recordings
                SET state = 'active', egress_id = 'EG_1', started_at = $2, ended_at = $3, duration_milliseconds = 60600
                WHERE id = $1
                """, [recording.id.uuid, Self.begin + 30, Self.begin + 90])
            let store = Self.store(database)
            try await store.insert(
                Feedback(rating: 3, comment: nil, givenAt: Self.begin + 130), of: people[0].id, in: meeting.id)
            try await store.insert(
                Feedback(rating: 5, comment: "Good", givenAt: Self.begin + 140), of: people[0].id, in: meeting.id)
            try await store.insert(
                Feedback(rating: 1, comment: "Never got in", givenAt: Self.begin + 150), of: people[2].id,
                in: meeting.id)
            #expect(try await Self.summarise(database) == 1)
            try await database.postgres.execute("DELETE FROM recordings WHERE id = $1", [recording.id.uuid])
            try await store.insert(
                Feedback(rating: 2, comment: "Never got in", givenAt: Self.begin + 150), of: people[2].id,
                in: meeting.id)
            #expect(try await Self.summarise(database) == 1)
            let analytics = try await store.analytics(of: meeting.id, at: Self.begin)
            #expect(analytics.totals.figures.recordings == 1)
            #expect(analytics.totals.figures.recordedSeconds == 61)
            #expect(analytics.totals.figures.ratings == 2)
            #expect(analytics.totals.figures.ratingSum == 7)
            #expect(analytics.stars == [0, 1, 0, 0, 1])
            #expect(analytics.comments.map(\.text) == ["Never got in", "Good"])
        }
    }

    @Test func aLinkThatStaysHasAGatheringEachTimeAndTheLiveOneIsCountedUntilNow() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id, kind: .recurring)
            _ = try await Self.gathering(database, meeting)
            let second = Self.begin + 3600
            let late = try await database.comer(meeting, at: second)
            try await Self.report(
                database, meeting, room: "RM_2", .roomExists(createdAt: second),
                .connected(late.id, sid: "PA_9", at: second))
            _ = try await Self.summarise(database)
            let analytics = try await Self.store(database).analytics(of: meeting.id, at: second + 40)
            #expect(analytics.gatherings.map(\.startedAt) == [second, Self.begin])
            #expect(analytics.gatherings.map(\.endedAt) == [nil, Self.begin + 120])
            #expect(analytics.gatherings[0].figures.participantSeconds == 40)
            #expect(analytics.gatherings[0].figures.neverConnected == 0)
            #expect(analytics.gatherings[1].figures == Self.figures)
            #expect(analytics.totals.durationSeconds == 160)
            // What goes on isn't in the overview yet.
            let steps = try await Self.store(database).steps(of: Self.period(0, 0), owner: owner.id)
            #expect(steps.map(\.sums.gatherings) == [1])
        }
    }

    @Test func aConnectionThatOutlastsAGatheringIsCountedInBothOnceEach() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id, kind: .recurring)
            let straggler = try await database.comer(meeting, at: Self.begin)
            try await Self.report(
                database, meeting, .roomExists(createdAt: Self.begin),
                .connected(straggler.id, sid: "PA_1", at: Self.begin))
            _ = try await database.meetings.end(meeting.id, at: Self.begin + 100)
            // They are still seen, so the meeting is live again.
            try await Self.report(
                database, meeting, .connected(straggler.id, sid: "PA_1", at: Self.begin))
            _ = try await database.meetings.end(meeting.id, at: Self.begin + 160)
            _ = try await Self.summarise(database)
            let analytics = try await Self.store(database).analytics(of: meeting.id, at: Self.begin + 200)
            #expect(analytics.gatherings.map(\.startedAt) == [Self.begin + 100, Self.begin])
            #expect(analytics.totals.durationSeconds == 160)
            #expect(analytics.totals.figures.participantSeconds == 160)
        }
    }

    @Test func sumsStayWhenAMeetingIsDeletedEvenWhileItIsLive() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let ended = try await database.meeting(of: owner.id)
            _ = try await Self.gathering(database, ended)
            let live = try await database.meeting(of: owner.id)
            _ = try await database.comer(live)
            #expect(try await database.meetings.delete(ended.id))
            #expect(try await database.meetings.delete(live.id))
            #expect(try await Self.summarise(database) == 0)
            let steps = try await Self.store(database).steps(of: Self.period(0, 0), owner: nil)
            #expect(steps.map(\.sums.figures) == [Self.figures])
            let count = try await database.postgres.query("SELECT count(*) FROM gatherings")[0].get(0, as: Int.self)
            #expect(count == 2)
        }
    }

    @Test func aPeriodHasAllItsStepsAndOnlyOnesOwnMeetings() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let other = try await database.account("other@example.com")
            // Sunday before, Monday, the Wednesday after next.
            for (day, count) in [(-1.0, 1), (0.0, 2), (9.0, 4)] {
                for _ in 0..<count {
                    try await database.postgres.execute(
                        """
                        INSERT INTO gatherings (meeting_id, owner_id, started_at, ended_at, is_stale, participants,
                            peak_participants)
                        VALUES (uuidv7(), $1, $2, $2::timestamptz + interval '1 minute', false, 3, 2)
                        """, [owner.id.uuid, Self.begin + day * 86_400])
                }
            }
            let store = Self.store(database)
            let days = try await store.steps(of: Self.period(-1, 9), owner: owner.id)
            #expect(days.map(\.sums.gatherings) == [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 4])
            #expect(days[10].sums.figures.participants == 12)
            #expect(days[10].sums.figures.peakParticipants == 2)
            #expect(days[10].sums.durationSeconds == 240)
            let weeks = try await store.steps(of: Self.period(0, 9, .week), owner: nil)
            #expect(weeks.map(\.sums.gatherings) == [2, 4])
            #expect(weeks.map(\.start) == [Self.begin - 32_400, Self.begin - 32_400 + 7 * 86_400])
            let months = try await store.steps(of: Self.period(-1, 60, .month), owner: owner.id)
            #expect(months.map(\.sums.gatherings) == [7, 0, 0])
            let none = try await store.steps(of: Self.period(-1, 9), owner: other.id)
            #expect(none.count == 11)
            #expect(none.allSatisfy { $0.sums == GatheringSums() })
        }
    }

    @Test func eachPersonsTimeIsTheirConnectionsTogether() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            let people = try await Self.gathering(database, meeting)
            let store = Self.store(database)
            let first = try await store.participants(of: meeting.id, after: nil, limit: 2, at: Self.begin)
            let rest = try await store.participants(of: meeting.id, after: first.last?.id, limit: 9, at: Self.begin)
            let all = first + rest
            #expect(all.map(\.id) == people.map(\.id))
            #expect(all.map(\.seconds) == [90, 40, 0, 0])
            #expect(all.map(\.connections) == [2, 1, 0, 0])
            #expect(all.map(\.abortedConnections) == [0, 0, 1, 0])
            #expect(all.map(\.connectedAt) == [Self.begin + 10, Self.begin + 50, nil, nil])
        }
    }

    @Test func theMigrationKnowsWhatHasBeen() async throws {
        try await PostgresTestDatabase.with { database in
            let files = FileManager.default
            let folder = "\(files.temporaryDirectory.path(percentEncoded: false))/migrations-\(UUID().uuidString)"
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? files.removeItem(atPath: folder) }
            for name in try files.contentsOfDirectory(atPath: StoreTestDatabase.migrations) where name < "0014" {
                try files.copyItem(
                    atPath: "\(StoreTestDatabase.migrations)/\(name)", toPath: "\(folder)/\(name)")
            }
            func migrate(_ folder: String) async throws {
                _ = try await MigrationRunner(
                    directory: folder, configuration: try PostgresConfiguration(url: database.url),
                    loop: database.loops[0], log: database.log
                ).migrate()
            }
            try await migrate(folder)
            try await database.withPostgres { postgres in
                let old = StoreTestDatabase(postgres: postgres, loops: database.loops)
                let owner = try await old.account()
                let instant = try await old.meeting(of: owner.id)
                let link = try await old.meeting(of: owner.id, kind: .recurring)
                for (meeting, number) in [(instant, 1), (link, 2)] {
                    let person = try await old.comer(meeting, at: Self.begin)
                    try await Self.report(
                        old, meeting, room: "RM_\(number)", .roomExists(createdAt: Self.begin),
                        .left(person.id, sid: "PA_\(number)", joinedAt: Self.begin, at: Self.begin + 50, reason: nil),
                        .roomFinished(at: Self.begin + 60))
                    _ = try await old.meetings.end(meeting.id, at: Self.begin + 60)
                }
                try await migrate(StoreTestDatabase.migrations)
                #expect(try await Self.summarise(old) == 2)
                for meeting in [instant, link] {
                    let gatherings = try await Self.store(old).analytics(of: meeting.id, at: Self.begin).gatherings
                    #expect(gatherings.map(\.startedAt) == [Self.begin])
                    #expect(gatherings.map(\.endedAt) == [Self.begin + 60])
                    #expect(gatherings.map(\.figures.participantSeconds) == [50])
                }
            }
        }
    }
}
