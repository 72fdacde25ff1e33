import Conference
import ConferenceStores
import FoundationEssentials
import Postgres
import Testing

/// Bad states that the database itself refuses, whatever the program does. `OWNER` and `MEETING` stand for ids that exist.
@Suite struct StoresConstraintTests {
    private static let badStates = [
        ("accounts_email_normalised", "UPDATE accounts SET email = 'Upper@example.com'"),
        ("accounts_email_normalised", "UPDATE accounts SET email = 'no address'"),
        ("accounts_role_known", "UPDATE accounts SET role = 'root'"),
        ("accounts_password_hashed", "UPDATE accounts SET password_hash = 'in the clear'"),
        ("accounts_display_name_readable", "UPDATE accounts SET display_name = ''"),
        ("accounts_display_name_readable", "UPDATE accounts SET display_name = E'a\\u0001b'"),
        ("meetings_join_code_form", "UPDATE meetings SET join_code = 'short'"),
        ("meetings_title_readable", "UPDATE meetings SET title = ' '"),
        ("meetings_kind_known", "UPDATE meetings SET kind = 'weekly'"),
        ("meetings_times_of_kind", "UPDATE meetings SET kind = 'scheduled'"),
        (
            "meetings_end_after_start",
            "UPDATE meetings SET kind = 'scheduled', scheduled_start = now(), scheduled_end = now()"
        ),
        ("meetings_live_since", "UPDATE meetings SET state = 'live'"),
        ("meetings_live_since", "UPDATE meetings SET started_at = now()"),
        ("meetings_ended_since", "UPDATE meetings SET state = 'ended'"),
        (
            "meetings_ended_after_started",
            "UPDATE meetings SET state = 'ended', started_at = now(), ended_at = now() - interval '1 s'"
        ),
        ("meetings_recurring_never_ends", "UPDATE meetings SET kind = 'recurring', state = 'ended', ended_at = now()"),
        ("meetings_passcode_hashed", "UPDATE meetings SET passcode_hash = '1234'"),
        ("meetings_capacity_sensible", "UPDATE meetings SET capacity = 1"),
        ("meetings_record_known", "UPDATE meetings SET record = 'everyone'"),
        ("meetings_owner_id_fkey", "UPDATE meetings SET owner_id = uuidv7()"),
        ("meetings_owner_id_fkey", "DELETE FROM accounts WHERE id = OWNER"),
        ("participants_guests_have_no_account", "UPDATE participants SET account_id = OWNER"),
        ("participants_guests_have_no_account", "UPDATE participants SET role = 'member'"),
        (
            "participants_hosts_never_wait",
            "UPDATE participants SET role = 'host', account_id = OWNER, admitted_at = NULL, seat_held_until = NULL"
        ),
        ("participants_admitted_hold_a_seat", "UPDATE participants SET seat_held_until = NULL"),
        (
            "participants_connected_were_admitted",
            "UPDATE participants SET connected_at = now(), admitted_at = NULL, seat_held_until = NULL"
        ),
        (
            "participants_cohosts_were_admitted",
            "UPDATE participants SET cohost_since = now(), admitted_at = NULL, seat_held_until = NULL"
        ),
        (
            "participants_raised_hands_were_admitted",
            "UPDATE participants SET hand_raised_at = now(), admitted_at = NULL, seat_held_until = NULL"
        ),
        ("participants_denied_never_came_in", "UPDATE participants SET denied_at = now(), left_at = now()"),
        (
            "participants_hosts_are_never_removed",
            "UPDATE participants SET role = 'host', account_id = OWNER, removed_at = now()"
        ),
        (
            "messages_body_bounded",
            """
            INSERT INTO messages (meeting_id, participant_id, role, body, sent_at)
            SELECT meeting_id, id, 'guest', repeat('x', 8001), now() FROM participants
            """
        ),
        (
            "messages_of_participant",
            """
            INSERT INTO messages (meeting_id, participant_id, role, body, sent_at)
            VALUES (MEETING, uuidv7(), 'guest', 'x', now())
            """
        ),
        ("participants_left_after_joining", "UPDATE participants SET left_at = joined_at - interval '1 s'"),
        ("participants_meeting_id_fkey", "UPDATE participants SET meeting_id = uuidv7()"),
        (
            "recordings_ready_were_seen",
            "INSERT INTO recordings (meeting_id, requested_by, kind, state) VALUES (MEETING, OWNER, 'audio', 'ready')"
        ),
        (
            "recordings_failed_say_why",
            "INSERT INTO recordings (meeting_id, requested_by, kind, state) VALUES (MEETING, OWNER, 'audio', 'failed')"
        ),
        (
            "recordings_running_have_egress",
            "INSERT INTO recordings (meeting_id, requested_by, kind, state) VALUES (MEETING, OWNER, 'audio', 'active')"
        ),
        (
            "recordings_of_one_person",
            "INSERT INTO recordings (meeting_id, requested_by, kind) VALUES (MEETING, OWNER, 'participant')"
        ),
        (
            "recordings_unfinished_are_attended",
            "INSERT INTO recordings (meeting_id, kind, check_at) VALUES (MEETING, 'audio', NULL)"
        ),
        (
            "recordings_attempts_counted",
            "INSERT INTO recordings (meeting_id, kind, start_attempts) VALUES (MEETING, 'audio', -1)"
        ),
        (
            "recordings_egress_status_known",
            "INSERT INTO recordings (meeting_id, kind, egress_status) VALUES (MEETING, 'audio', 'EGRESS_ACTIVE')"
        ),
        (
            "recordings_one_running_of_kind",
            "INSERT INTO recordings (meeting_id, kind) VALUES (MEETING, 'audio'), (MEETING, 'audio')"
        ),
        (
            "recordings_one_running_composite",
            "INSERT INTO recordings (meeting_id, requested_by, kind) VALUES (MEETING, OWNER, 'composite'), (MEETING, OWNER, 'composite')"
        ),
        (
            "whiteboards_elements_bounded",
            "INSERT INTO whiteboards (meeting_id, element_count) VALUES (MEETING, 5001)"
        ),
        (
            "whiteboards_pictures_bounded",
            "INSERT INTO whiteboards (meeting_id, picture_bytes) VALUES (MEETING, 67108865)"
        ),
        (
            "whiteboard_elements_object",
            "WITH board AS (INSERT INTO whiteboards (meeting_id) VALUES (MEETING) RETURNING id) INSERT INTO whiteboard_elements (whiteboard_id, element_id, version, version_nonce, content) SELECT id, 'a', 1, 1, '[]' FROM board"
        ),
        (
            "whiteboard_elements_bounded",
            "WITH board AS (INSERT INTO whiteboards (meeting_id) VALUES (MEETING) RETURNING id) INSERT INTO whiteboard_elements (whiteboard_id, element_id, version, version_nonce, content) SELECT id, 'a', 1, 1, json_build_object('a', repeat('a', 262144)) FROM board"
        ),
        (
            "whiteboard_pictures_type_known",
            "WITH board AS (INSERT INTO whiteboards (meeting_id) VALUES (MEETING) RETURNING id) INSERT INTO whiteboard_pictures (whiteboard_id, file_id, content_type, size_bytes, object_key) SELECT id, 'a', 'image/svg+xml', 1, 'k' FROM board"
        ),
        (
            "whiteboard_states_array",
            "WITH board AS (INSERT INTO whiteboards (meeting_id) VALUES (MEETING) RETURNING id) INSERT INTO whiteboard_states (whiteboard_id, number, elements) SELECT id, 1, '{}' FROM board"
        ),
        (
            "analytics_events_participant_of_meeting",
            "INSERT INTO analytics_events (meeting_id, participant_id, kind, occurred_at) VALUES (MEETING, uuidv7(), 'a.b', now())"
        ),
        (
            "gatherings_never_negative",
            "INSERT INTO gatherings (meeting_id, owner_id, started_at, ended_at, joins) VALUES (MEETING, OWNER, now(), now(), -1)"
        ),
        (
            "gatherings_peak_within_participants",
            "INSERT INTO gatherings (meeting_id, owner_id, started_at, ended_at, peak_participants) VALUES (MEETING, OWNER, now(), now(), 1)"
        ),
        (
            "gatherings_ratings_of_one_to_five",
            "INSERT INTO gatherings (meeting_id, owner_id, started_at, ended_at, ratings, rating_sum) VALUES (MEETING, OWNER, now(), now(), 2, 11)"
        ),
        (
            "meeting_feedback_one_to_five",
            "INSERT INTO meeting_feedback (participant_id, meeting_id, rating, given_at) SELECT id, meeting_id, 6, now() FROM participants"
        ),
        (
            "meeting_feedback_of_participant",
            "INSERT INTO meeting_feedback (participant_id, meeting_id, rating, given_at) VALUES (uuidv7(), MEETING, 5, now())"
        ),
        (
            "webhook_inbox_pkey",
            "INSERT INTO webhook_inbox (id, event, payload) VALUES ('EV_1', 'room_started', '{}'), ('EV_1', 'room_started', '{}')"
        ),
        ("audit_log_action_form", "INSERT INTO audit_log (action, subject_id) VALUES ('Whatever', uuidv7())"),
    ]

    @Test func badStatesAreRefused() async throws {
        try await StoreTestDatabase.with { database in
            let owner = try await database.account()
            let meeting = try await database.meeting(of: owner.id)
            try await database.postgres.execute(
                """
                INSERT INTO participants (meeting_id, role, display_name, joined_at, admitted_at, seat_held_until)
                VALUES ($1, 'guest', 'Guest', now(), now(), now() + interval '1 minute')
                """, [meeting.id.uuid])
            for (constraint, statement) in Self.badStates {
                let sql = statement.replacing("OWNER", with: "'\(owner.id)'::uuid")
                    .replacing("MEETING", with: "'\(meeting.id)'::uuid")
                let error = await #expect(throws: PostgresError.self, "\(statement)") {
                    try await database.postgres.execute(sql)
                }
                #expect(error?.constraint == constraint, "\(statement)")
            }
        }
    }
}
