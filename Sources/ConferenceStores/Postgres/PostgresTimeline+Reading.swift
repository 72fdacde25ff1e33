import Conference
import FoundationEssentials
import Postgres

extension PostgresTimeline: TimelineReading {
    /// The inbox of the media server's events. `$1` the meeting, `$2` and `$3` the place, `$4` how many, `$5` whether errors
    /// are shown.
    private static let webhooks = """
        SELECT coalesce(occurred_at, received_at) AS at, md5(id)::uuid AS id, 'webhook' AS source, event AS kind,
            CASE WHEN payload #>> '{person,identity}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                THEN (payload #>> '{person,identity}')::uuid END AS participant_id,
            NULL::uuid AS actor_id, NULL::uuid AS actor_participant_id, false AS repaired,
            jsonb_strip_nulls(jsonb_build_object(
                'eventId', id, 'applied', (applied_at IS NOT NULL)::text, 'attempts', attempts::text, 'note', note,
                'error', CASE WHEN $5 THEN last_error END, 'connection', payload #>> '{person,sid}',
                'reason', payload #>> '{person,disconnectReason}', 'room', payload #>> '{room,sid}',
                'track', payload #>> '{track,sid}', 'egress', payload #>> '{egress,id}',
                'egressStatus', payload #>> '{egress,status}',
                'delaySeconds', round(extract(epoch FROM received_at - occurred_at))::text)) AS details
        FROM webhook_inbox
        WHERE room = $1::uuid::text
            AND (coalesce(occurred_at, received_at), md5(id)::uuid) > ($2::timestamptz, $3::uuid)
        ORDER BY coalesce(occurred_at, received_at), md5(id)::uuid LIMIT $4
        """

    /// The audit log's entries about the meeting and its recordings.
    private static let actions = """
        SELECT at, id, 'action' AS source, action AS kind,
            CASE WHEN details ->> 'participant' ~ '^[0-9a-f-]{36}$' THEN (details ->> 'participant')::uuid END
                AS participant_id, actor_id,
            CASE WHEN details ->> 'by' ~ '^[0-9a-f-]{36}$' THEN (details ->> 'by')::uuid END AS actor_participant_id,
            false AS repaired,
            details - 'participant' - 'by' - 'meeting'
                || CASE WHEN subject_id <> $1 THEN jsonb_build_object('recordingId', subject_id) ELSE '{}' END AS details
        FROM (
            SELECT * FROM audit_log WHERE subject_id = $1
            UNION ALL
            SELECT * FROM audit_log
            WHERE details ->> 'meeting' = $1::uuid::text AND details ? 'meeting' AND subject_id <> $1
        ) AS about
        WHERE (at, id) > ($2::timestamptz, $3::uuid)
        ORDER BY at, id LIMIT $4
        """

    /// What happened, without what the audit log has as well: hosts' actions are written to both, a moment apart. Recordings
    /// are no such case: there one entry says that it was asked for and the other that it has come about.
    private static let events = """
        SELECT occurred_at AS at, id, 'meeting' AS source, kind, participant_id, NULL::uuid AS actor_id,
            NULL::uuid AS actor_participant_id, details ? 'repaired' AS repaired, details - 'repaired' - 'by' AS details
        FROM analytics_events AS event
        WHERE meeting_id = $1 AND (occurred_at, id) > ($2::timestamptz, $3::uuid) AND NOT EXISTS (
            SELECT FROM audit_log AS entry
            WHERE entry.subject_id = $1 AND entry.action = event.kind AND event.kind NOT LIKE 'recording.%'
                AND entry.at BETWEEN event.occurred_at - interval '2 seconds' AND event.occurred_at + interval '2 seconds'
                AND entry.details ->> 'participant' IS NOT DISTINCT FROM event.participant_id::text
        )
        ORDER BY occurred_at, id LIMIT $4
        """

    /// Public for the tests, which look at its plan.
    public static func query(of source: TimelineItem.Source?) -> String {
        let parts: [String] =
            switch source {
            case .webhook: [webhooks]
            case .action: [actions]
            case .meeting: [events]
            case nil: [webhooks, actions, events]
            }
        return """
            SELECT item.at, item.id, item.source, item.kind, item.participant_id, person.display_name, item.actor_id,
                coalesce(account.display_name, host.display_name), item.repaired, item.details
            FROM (
                SELECT * FROM (\(parts.map { "(\($0))" }.joined(separator: " UNION ALL "))) AS found
                ORDER BY at, id LIMIT $4
            ) AS item
            LEFT JOIN participants AS person ON person.id = item.participant_id
            LEFT JOIN accounts AS account ON account.id = item.actor_id
            LEFT JOIN participants AS host ON host.id = item.actor_participant_id
            WHERE $5::boolean IS NOT NULL
            ORDER BY item.at, item.id
            """
    }

    public func timeline(
        of meeting: MeetingID, after place: TimelinePlace, source: TimelineItem.Source?, limit: Int, withErrors: Bool
    ) async throws -> [TimelineItem] {
        let sql = Self.query(of: source)
        return try await StoreError.mapped {
            try await postgres.query(sql, [meeting.uuid, place.at, place.id, limit, withErrors]).map { row in
                var reader = RowReader(row)
                let at = try reader.next(Date.self)
                return try TimelineItem(
                    id: reader.next(), at: at, source: reader.nextCase(), kind: reader.next(),
                    participantID: reader.next(UUID?.self).map { ParticipantID($0) },
                    participantName: reader.next(), actorID: reader.next(UUID?.self).map { AccountID($0) },
                    actorName: reader.next(), isRepaired: reader.next(),
                    details: reader.next(PostgresJSON.self).decoded())
            }
        }
    }
}
