import Conference

/// The statements that let people in.
///
/// Both return no row when there is no such meeting in their case, otherwise the meeting (after the join, `Meeting.columns`)
/// with the role and the time of admission of the participant they wrote (NULL both when the door stayed shut, NULL the
/// second for someone who waits in the lobby), then whether a recording runs.
///
/// Parameters: `$1` meeting's id or join code, `$2` participant's id, `$3` account or NULL, `$4` whether it is an
/// administrator's, `$5` display name, `$6` hash of the passcode that was found right or NULL, `$7` now, `$8` until when
/// the seat is held.
enum JoinStatement {
    /// In the order in which to try them, for a meeting's id.
    static let byID = [quick(by: "id"), careful(by: "id")]
    /// In the order in which to try them, for a join code.
    static let byCode = [quick(by: "join_code"), careful(by: "join_code")]

    /// For a live meeting without a limit.
    private static func quick(by column: String) -> String {
        """
        WITH door AS (
            SELECT * FROM meetings WHERE \(column) = $1 AND state = 'live' AND capacity IS NULL FOR SHARE
        ), entered AS (
            INSERT INTO participants
                (id, meeting_id, account_id, role, display_name, joined_at, admitted_at, seat_held_until)
            SELECT $2, id, $3, joiner.role, $5, $7::timestamptz,
                CASE WHEN NOT joiner.waits THEN $7 END, CASE WHEN NOT joiner.waits THEN $8::timestamptz END
            FROM door, \(joiner)
            WHERE \(opens)
            RETURNING role, admitted_at
        )
        SELECT \(qualified(Meeting.columns, by: "door")), entered.role, entered.admitted_at, \(isRecorded(by: "door"))
        FROM door LEFT JOIN entered ON true
        """
    }

    /// For all others. Holds the meeting's row alone until the end of the transaction.
    private static func careful(by column: String) -> String {
        """
        WITH door AS (
            SELECT * FROM meetings WHERE \(column) = $1 AND NOT (state = 'live' AND capacity IS NULL)
            FOR NO KEY UPDATE
        ), entered AS (
            INSERT INTO participants
                (id, meeting_id, account_id, role, display_name, joined_at, admitted_at, seat_held_until)
            SELECT $2, id, $3, joiner.role, $5, $7::timestamptz,
                CASE WHEN NOT joiner.waits THEN $7 END, CASE WHEN NOT joiner.waits THEN $8::timestamptz END
            FROM door, \(joiner)
            WHERE \(opens)
                AND (joiner.waits OR capacity IS NULL OR meeting_seats_taken(id, $7) < capacity)
            RETURNING role, admitted_at
        ), started AS (
            UPDATE meetings SET state = 'live', started_at = $7, updated_at = $7, version = meetings.version + 1
            FROM door, entered
            WHERE meetings.id = door.id AND door.state = 'scheduled' AND entered.admitted_at IS NOT NULL
            RETURNING \(qualified(Meeting.columns, by: "meetings"))
        )
        SELECT \(Meeting.columns), entered.role, entered.admitted_at, \(isRecorded(by: "meeting"))
        FROM (TABLE started UNION ALL SELECT \(Meeting.columns) FROM door WHERE NOT EXISTS (TABLE started)) AS meeting
        LEFT JOIN entered ON true
        """
    }

    /// Who comes, and whether they wait in the lobby: `Meeting.role(of:)` and `LobbyPolicy.holds(_:)`.
    private static let joiner = """
        LATERAL (
                SELECT role, role <> 'host' AND (lobby = 'everyone' OR (lobby = 'guests' AND role = 'guest')) AS waits,
                    CASE WHEN role = 'member' THEN meeting_keeps_out(id, $3) ELSE false END AS kept_out
                FROM (
                    SELECT CASE
                        WHEN $3::uuid IS NULL THEN 'guest'
                        WHEN $4 OR owner_id = $3 THEN 'host'
                        ELSE 'member'
                    END AS role
                ) AS known
            ) AS joiner
        """

    /// `Meeting.refusal(of:)` is nil, and nobody removed the account.
    private static let opens = """
        state <> 'ended'
                AND (joiner.role = 'host' OR (NOT locked AND (passcode_hash IS NULL OR passcode_hash = $6)))
                AND NOT joiner.kept_out
        """

    private static func isRecorded(by table: String) -> String {
        """
        EXISTS (
            SELECT FROM recordings
            WHERE meeting_id = \(table).id AND recordings.state IN ('requested', 'starting', 'active', 'ending')
        )
        """
    }

    private static func qualified(_ columns: String, by table: String) -> String {
        columns.split(separator: ", ").map { "\(table).\($0)" }.joined(separator: ", ")
    }
}
