import Conference
import FoundationEssentials
import Postgres

/// Recordings in PostgreSQL: the table `recordings`, with their entries in `analytics_events`.
public struct PostgresRecordingStore: RecordingStoring {
    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    public func insert(_ recording: Recording) async throws {
        let sql = """
            WITH inserted AS (
                INSERT INTO recordings
                    (id, meeting_id, requested_by, kind, participant_identity, object_key, created_at, updated_at,
                    state_since, check_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8)
                RETURNING meeting_id
            )
            INSERT INTO analytics_events (meeting_id, kind, occurred_at, details)
            SELECT meeting_id, 'recording.requested', $7::timestamptz, $9::jsonb FROM inserted
            """
        let conflicts: [String: ConferenceError.Conflict] = [
            "recordings_one_running_composite": .recordingRunning, "recordings_one_running_of_kind": .recordingRunning,
            "recordings_pkey": .duplicate,
        ]
        let parameters: [(any PostgresEncodable)?] = [
            recording.id.uuid, recording.meetingID.uuid, recording.requestedBy?.uuid, recording.kind.rawValue,
            recording.participantID?.uuid, recording.objectKey, recording.createdAt, recording.checkAt,
            try PostgresRecordingStore.details(of: recording),
        ]
        do {
            _ = try await postgres.execute(sql, parameters)
        } catch let error as PostgresError {
            if error.constraint == "recordings_meeting_id_fkey" { throw ConferenceError.notFound(.meeting) }
            throw StoreError.conferenceError(error, conflicts)
        }
    }

    public func recording(_ id: RecordingID) async throws -> Recording? {
        try await one("SELECT \(Recording.columns) FROM recordings WHERE id = $1", [id.uuid])
    }

    public func recording(egressID: String, objectKeys: [String]) async throws -> Recording? {
        let sql = """
            SELECT \(Recording.columns) FROM recordings WHERE egress_id = $1 OR object_key = ANY($2)
            ORDER BY (egress_id = $1) DESC NULLS LAST LIMIT 1
            """
        return try await one(sql, [egressID, objectKeys])
    }

    public func recordings(_ filter: RecordingFilter, before: RecordingID?, limit: Int) async throws -> [Recording] {
        var conditions = ["id < $1"]
        var parameters: [(any PostgresEncodable)?] = [before?.uuid ?? .highest, limit]
        if let meeting = filter.meeting {
            parameters.append(meeting.uuid)
            conditions.append("meeting_id = $\(parameters.count)")
        }
        if let owner = filter.owner {
            parameters.append(owner.uuid)
            conditions.append("meeting_id IN (SELECT id FROM meetings WHERE owner_id = $\(parameters.count))")
        }
        if let states = filter.states {
            parameters.append(states.map(\.rawValue).sorted())
            conditions.append("state = ANY($\(parameters.count))")
        }
        let sql = """
            SELECT \(Recording.columns) FROM recordings WHERE \(conditions.joined(separator: " AND "))
            ORDER BY id DESC LIMIT $2
            """
        return try await StoreError.mapped { [parameters] in
            try await postgres.query(sql, parameters).map { try Recording($0) }
        }
    }

    public func isRunning(in meeting: MeetingID) async throws -> Bool {
        let sql = """
            SELECT 1 FROM recordings WHERE meeting_id = $1 AND state IN ('requested', 'starting', 'active', 'ending')
            LIMIT 1
            """
        return try await StoreError.mapped { try await !postgres.query(sql, [meeting.uuid]).isEmpty }
    }

    public func runningKinds() async throws -> [RecordingKind] {
        let sql = "SELECT kind FROM recordings WHERE state IN ('requested', 'starting', 'active', 'ending')"
        return try await StoreError.mapped {
            try await postgres.query(sql).map { row in
                var reader = RowReader(row)
                return try reader.nextCase()
            }
        }
    }

    public func unfinished() async throws -> [RecordingState: Int] {
        let sql = "SELECT state, count(*) FROM recordings WHERE state NOT IN ('ready', 'failed') GROUP BY state"
        return try await StoreError.mapped {
            var counts: [RecordingState: Int] = [:]
            for row in try await postgres.query(sql) {
                var reader = RowReader(row)
                counts[try reader.nextCase()] = try reader.next(Int.self)
            }
            return counts
        }
    }

    public func update(_ recording: Recording) async throws -> VersionedUpdate<Recording> {
        // The timeline gets its entry in the same statement, so that neither can be without the other.
        let sql = """
            WITH before AS (
                SELECT id, state FROM recordings WHERE id = $1 AND version = $2 FOR UPDATE
            ), changed AS (
                UPDATE recordings
                SET state = $3, state_since = $4, start_attempts = $5, stop_requested_at = $6, egress_id = $7,
                    egress_status = $8, object_key = $9, size_bytes = $10, duration_milliseconds = $11, failure = $12,
                    started_at = $13, ended_at = $14, ready_at = $15, delete_after = $16, check_at = $17,
                    updated_at = $18, version = recordings.version + 1
                FROM before WHERE recordings.id = before.id
                RETURNING \(Recording.columns(of: "recordings"))
            ), noted AS (
                INSERT INTO analytics_events (meeting_id, kind, occurred_at, details)
                SELECT changed.meeting_id, $19::text, $18::timestamptz, $20::jsonb
                FROM changed JOIN before USING (id) WHERE before.state <> changed.state AND $19::text IS NOT NULL
            )
            SELECT \(Recording.columns) FROM changed
            """
        let parameters: [(any PostgresEncodable)?] = [
            recording.id.uuid, recording.version, recording.state.rawValue, recording.stateSince,
            recording.startAttempts, recording.stopRequestedAt, recording.egressID, recording.egressStatus?.rawValue,
            recording.objectKey, recording.sizeBytes, recording.duration.map(PostgresRecordingStore.milliseconds),
            recording.failure, recording.startedAt, recording.endedAt, recording.readyAt, recording.deleteAfter,
            recording.checkAt, recording.updatedAt, recording.state.timelineKind,
            try PostgresRecordingStore.details(of: recording),
        ]
        return try await StoreError.mapped {
            if let row = try await postgres.query(sql, parameters).first { return .updated(try Recording(row)) }
            return try await postgres.query("SELECT 1 FROM recordings WHERE id = $1", [recording.id.uuid]).isEmpty
                ? .missing : .stale
        }
    }

    public func remove(_ recording: Recording, at moment: Date) async throws -> Bool {
        let sql = """
            WITH removed AS (
                DELETE FROM recordings WHERE id = $1 AND version = $2 AND state = 'deleting' RETURNING meeting_id
            ), noted AS (
                INSERT INTO analytics_events (meeting_id, kind, occurred_at, details)
                SELECT meeting_id, 'recording.deleted', $3::timestamptz, $4::jsonb FROM removed
            )
            SELECT 1 FROM removed
            """
        let details = try PostgresRecordingStore.details(of: recording)
        return try await StoreError.mapped {
            try await !postgres.query(sql, [recording.id.uuid, recording.version, moment, details]).isEmpty
        }
    }

    public func claim(dueAt moment: Date, until end: Date) async throws -> Recording? {
        let sql = """
            UPDATE recordings SET check_at = $2, updated_at = least(updated_at, $1), version = version + 1
            WHERE id = coalesce(
                (SELECT id FROM recordings WHERE check_at <= $1 ORDER BY check_at LIMIT 1 FOR UPDATE SKIP LOCKED),
                (
                    SELECT id FROM recordings
                    WHERE state NOT IN ('ready', 'failed') AND updated_at > $1 + interval '1 minute'
                    ORDER BY updated_at LIMIT 1 FOR UPDATE SKIP LOCKED
                )
            )
            RETURNING \(Recording.columns)
            """
        return try await one(sql, [moment, end])
    }

    private func one(_ sql: String, _ parameters: [(any PostgresEncodable)?]) async throws -> Recording? {
        try await StoreError.mapped { try await postgres.query(sql, parameters).first.map { try Recording($0) } }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    private static func details(of recording: Recording) throws -> PostgresJSON {
        var details = ["recordingId": "\(recording.id)", "kind": recording.kind.rawValue]
        if let participant = recording.participantID { details["participantId"] = "\(participant)" }
        if recording.state == .failed { details["reason"] = recording.failure }
        return try PostgresJSON(encoding: details)
    }
}

extension RecordingState {
    /// The kind of the timeline's entry when a recording comes into this state; nil for those that nobody cares about.
    fileprivate var timelineKind: String? {
        switch self {
        case .requested, .starting, .deleting: nil
        case .active: "recording.started"
        case .ending: "recording.stopping"
        case .uploaded: "recording.ended"
        case .ready: "recording.ready"
        case .failed: "recording.failed"
        }
    }
}

extension Recording {
    private static let names = [
        "id", "meeting_id", "requested_by", "kind", "participant_identity", "object_key", "created_at", "state",
        "state_since", "start_attempts", "stop_requested_at", "egress_id", "egress_status", "started_at", "ended_at",
        "ready_at", "size_bytes", "duration_milliseconds", "failure", "delete_after", "check_at", "updated_at",
        "version",
    ]

    /// The columns of `recordings` in the order in which `init(_:)` reads them.
    static let columns = names.joined(separator: ", ")

    static func columns(of table: String) -> String { names.map { "\(table).\($0)" }.joined(separator: ", ") }

    init(_ row: PostgresRow) throws {
        var reader = RowReader(row)
        try self.init(
            id: RecordingID(reader.next()), meetingID: MeetingID(reader.next()),
            requestedBy: reader.next(UUID?.self).map { AccountID($0) }, kind: reader.nextCase(),
            participantID: reader.next(UUID?.self).map { ParticipantID($0) }, objectKey: reader.next(),
            createdAt: reader.next(), state: reader.nextCase(), stateSince: reader.next(),
            startAttempts: reader.next(), stopRequestedAt: reader.next(), egressID: reader.next(),
            egressStatus: reader.next(String?.self).map { MediaEgress.Status(rawValue: $0) ?? .unknown },
            startedAt: reader.next(), endedAt: reader.next(), readyAt: reader.next(), sizeBytes: reader.next(),
            duration: reader.next(Int?.self).map { .milliseconds($0) }, failure: reader.next(),
            deleteAfter: reader.next(), checkAt: reader.next(), updatedAt: reader.next(), version: reader.next())
    }
}
