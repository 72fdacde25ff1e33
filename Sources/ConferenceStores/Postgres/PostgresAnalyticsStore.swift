import Conference
import FoundationEssentials
import Postgres

/// The figures of meetings in PostgreSQL: the tables `gatherings` and `meeting_feedback`.
///
/// A gathering that has ended is one row with its sums, which triggers mark as stale when something that they are made of
/// changes. So the overview never reads participants.
public struct PostgresAnalyticsStore: AnalyticsStoring {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    /// In the order in which `GatheringFigures.init(_:)` reads them.
    private static let figures = """
        participants, peak_participants, joins, leaves, participant_seconds, aborted_connections, never_connected, \
        recordings, recorded_seconds, ratings, rating_sum
        """

    /// In the order in which `GatheringSums.init(_:)` reads them.
    private static let sums = """
        count(*) AS gatherings, coalesce(sum(extract(epoch FROM ended_at - started_at)), 0)::bigint AS duration, \
        coalesce(sum(participants), 0)::bigint AS participants, coalesce(max(peak_participants), 0) AS peak_participants, \
        coalesce(sum(joins), 0)::bigint AS joins, coalesce(sum(leaves), 0)::bigint AS leaves, \
        coalesce(sum(participant_seconds), 0)::bigint AS participant_seconds, \
        coalesce(sum(aborted_connections), 0)::bigint AS aborted_connections, \
        coalesce(sum(never_connected), 0)::bigint AS never_connected, \
        coalesce(sum(recordings), 0)::bigint AS recordings, \
        coalesce(sum(recorded_seconds), 0)::bigint AS recorded_seconds, coalesce(sum(ratings), 0)::bigint AS ratings, \
        coalesce(sum(rating_sum), 0)::bigint AS rating_sum
        """

    /// `$1` and `$2` the beginning and end, `$3` day, week or month; with `owner`, `$4` whose meetings.
    ///
    /// Public for the tests, which look at its plan.
    public static func overview(ofOwner owner: Bool) -> String {
        """
        WITH found AS (
            SELECT date_trunc($3, started_at, 'UTC') AS start, \(sums)
            FROM gatherings WHERE started_at >= $1 AND started_at < $2\(owner ? " AND owner_id = $4" : "")
            GROUP BY 1
        )
        SELECT start, coalesce(gatherings, 0), coalesce(duration, 0), coalesce(participants, 0),
            coalesce(peak_participants, 0), coalesce(joins, 0), coalesce(leaves, 0), coalesce(participant_seconds, 0),
            coalesce(aborted_connections, 0), coalesce(never_connected, 0), coalesce(recordings, 0),
            coalesce(recorded_seconds, 0), coalesce(ratings, 0), coalesce(rating_sum, 0)
        FROM generate_series(
            date_trunc($3, $1::timestamptz, 'UTC'), $2::timestamptz - interval '1 microsecond',
            ('1 ' || $3)::interval, 'UTC') AS start
        LEFT JOIN found USING (start)
        ORDER BY start
        """
    }

    public func steps(of period: AnalyticsPeriod, owner: AccountID?) async throws -> [AnalyticsStep] {
        var parameters: [(any PostgresEncodable)?] = [period.start, period.end, period.interval.rawValue]
        if let owner { parameters.append(owner.uuid) }
        let sql = Self.overview(ofOwner: owner != nil)
        return try await StoreError.mapped { [parameters] in
            try await postgres.query(sql, parameters).map { row in
                var reader = RowReader(row)
                return try AnalyticsStep(start: reader.next(), sums: GatheringSums(&reader))
            }
        }
    }

    /// The gatherings of meeting `$1`: the sums of those that are up to date, and the others and the one that goes on
    /// (until `$2`) from what they are made of.
    private static let gatherings = """
        WITH known AS (
            SELECT started_at, ended_at, \(figures) FROM gatherings WHERE meeting_id = $1 AND NOT is_stale
            UNION ALL
            SELECT stale.started_at, stale.ended_at, fresh.participants, fresh.peak_participants, fresh.joins,
                fresh.leaves, fresh.participant_seconds, fresh.aborted_connections, fresh.never_connected,
                greatest(stale.recordings, fresh.recordings),
                greatest(stale.recorded_seconds, fresh.recorded_seconds), fresh.ratings, fresh.rating_sum
            FROM gatherings AS stale, LATERAL gathering_figures($1, stale.started_at, stale.ended_at) AS fresh
            WHERE stale.meeting_id = $1 AND stale.is_stale
            UNION ALL
            SELECT live.started_at, NULL, fresh.*
            FROM meetings AS live, LATERAL gathering_figures($1, live.started_at, greatest($2, live.started_at)) AS fresh
            WHERE live.id = $1 AND live.state = 'live'
        )
        """

    public func analytics(of meeting: MeetingID, at moment: Date) async throws -> MeetingAnalytics {
        let totals = """
            \(Self.gatherings)
            SELECT \(Self.sums)
            FROM (SELECT started_at, coalesce(ended_at, greatest($2, started_at)) AS ended_at, \(Self.figures) FROM known)
                AS counted
            """
        let list = """
            \(Self.gatherings)
            SELECT started_at, ended_at, \(Self.figures) FROM known ORDER BY started_at DESC LIMIT $3
            """
        let stars = "SELECT rating, count(*) FROM meeting_feedback WHERE meeting_id = $1 GROUP BY rating"
        let comments = """
            SELECT rating, comment, given_at FROM meeting_feedback
            WHERE meeting_id = $1 AND comment IS NOT NULL ORDER BY given_at DESC LIMIT $2
            """
        return try await StoreError.mapped {
            let results = try await postgres.pipeline([
                PostgresStatement(totals, [meeting.uuid, moment]),
                PostgresStatement(list, [meeting.uuid, moment, Limits.gatheringsShown]),
                PostgresStatement(stars, [meeting.uuid]),
                PostgresStatement(comments, [meeting.uuid, Limits.commentsShown]),
            ]).map { try $0.get().rows }
            return MeetingAnalytics(
                totals: try results[0].first.map { row in
                    var reader = RowReader(row)
                    return try GatheringSums(&reader)
                } ?? GatheringSums(),
                gatherings: try results[1].map(Self.gathering), stars: try Self.stars(results[2]),
                comments: try results[3].map { row in
                    var reader = RowReader(row)
                    return try FeedbackComment(rating: reader.next(), text: reader.next(), givenAt: reader.next())
                })
        }
    }

    private static func gathering(_ row: PostgresRow) throws -> Gathering {
        var reader = RowReader(row)
        return try Gathering(
            startedAt: reader.next(), endedAt: reader.next(), figures: GatheringFigures(&reader))
    }

    private static func stars(_ rows: [PostgresRow]) throws -> [Int] {
        var stars = [0, 0, 0, 0, 0]
        for row in rows {
            let rating = try row.get(0, as: Int.self)
            if stars.indices.contains(rating - 1) { stars[rating - 1] = try row.get(1, as: Int.self) }
        }
        return stars
    }

    public func participants(
        of meeting: MeetingID, after: ParticipantID?, limit: Int, at moment: Date
    ) async throws -> [ParticipantFigures] {
        let sql = """
            SELECT person.id, person.display_name, CASE WHEN cohost_since IS NOT NULL THEN 'host' ELSE person.role END,
                person.joined_at, person.admitted_at, person.connected_at, person.left_at, (
                    SELECT coalesce(sum(extract(epoch FROM upper(stay) - lower(stay))), 0)::bigint
                    FROM unnest(coalesce(connections.stays, person.stays)) AS stay
                ),
                greatest(connections.made, (person.connected_at IS NOT NULL)::integer), connections.aborted
            FROM (
                SELECT *, CASE WHEN connected_at IS NOT NULL THEN
                    tstzmultirange(tstzrange(connected_at, greatest(connected_at, coalesce(left_at, $4)))) END AS stays
                FROM participants WHERE meeting_id = $1 AND id > $2 ORDER BY id LIMIT $3
            ) AS person, LATERAL (
                SELECT count(connected_at)::integer AS made,
                    count(*) FILTER (WHERE connected_at IS NULL)::integer AS aborted,
                    range_agg(tstzrange(
                        session.connected_at,
                        greatest(session.connected_at, coalesce(session.left_at, person.left_at, $4))))
                        FILTER (WHERE connected_at IS NOT NULL) AS stays
                FROM participant_sessions AS session WHERE meeting_id = $1 AND participant_id = person.id
            ) AS connections
            ORDER BY person.id
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [meeting.uuid, after?.uuid ?? .lowest, limit, moment]).map { row in
                var reader = RowReader(row)
                return try ParticipantFigures(
                    id: ParticipantID(reader.next()), displayName: DisplayName(stored: reader.next()),
                    role: reader.nextCase(), joinedAt: reader.next(), admittedAt: reader.next(),
                    connectedAt: reader.next(), leftAt: reader.next(), seconds: reader.next(),
                    connections: reader.next(), abortedConnections: reader.next())
            }
        }
    }

    public func insert(_ feedback: Feedback, of participant: ParticipantID, in meeting: MeetingID) async throws {
        let sql = """
            INSERT INTO meeting_feedback (participant_id, meeting_id, rating, comment, given_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (participant_id) DO UPDATE
                SET rating = excluded.rating, comment = excluded.comment, given_at = excluded.given_at
            """
        do {
            _ = try await postgres.execute(
                sql,
                [participant.uuid, meeting.uuid, feedback.rating, feedback.comment, feedback.givenAt])
        } catch let error as PostgresError {
            if error.constraint == "meeting_feedback_of_participant" { throw ConferenceError.notFound(.meeting) }
            throw StoreError.conferenceError(error)
        }
    }

    public func summarise(endedBefore moment: Date, limit: Int) async throws -> Int {
        let sql = """
            SELECT summarise_gathering(id) FROM (
                SELECT id FROM gatherings WHERE is_stale AND ended_at <= $1 ORDER BY ended_at LIMIT $2
                FOR NO KEY UPDATE SKIP LOCKED
            ) AS due
            """
        return try await StoreError.mapped { try await postgres.execute(sql, [moment, limit]) }
    }
}

extension GatheringFigures {
    fileprivate init(_ reader: inout RowReader) throws {
        self.init()
        participants = try reader.next()
        peakParticipants = try reader.next()
        joins = try reader.next()
        leaves = try reader.next()
        participantSeconds = try reader.next()
        abortedConnections = try reader.next()
        neverConnected = try reader.next()
        recordings = try reader.next()
        recordedSeconds = try reader.next()
        ratings = try reader.next()
        ratingSum = try reader.next()
    }
}

extension GatheringSums {
    fileprivate init(_ reader: inout RowReader) throws {
        self.init()
        gatherings = try reader.next()
        durationSeconds = try reader.next()
        figures = try GatheringFigures(&reader)
    }
}
