import Conference
import FoundationEssentials
import Postgres

/// Accounts and meetings to try things with on a developer's machine.
///
/// The passwords are public, so it runs in the environment `local` only. Running it again changes nothing: every row has
/// a fixed id, and rows that exist are left as they are.
public struct DevelopmentSeed: Sendable {
    /// Works on a developer's machine only; see `docs/database.md`.
    public static let adminEmail = "admin@example.com"
    public static let adminPassword = "admin-local-only"
    public static let memberEmail = "member@example.com"
    public static let memberPassword = "member-local-only"
    /// The passcode of the seeded meeting that has one.
    public static let passcode = "2468"

    /// How many rows were new.
    public struct Summary: Hashable, Sendable {
        public var accounts = 0
        public var meetings = 0
        public var participants = 0
        public var events = 0

        public init() {}
    }

    /// The environment isn't `local`.
    public struct Refused: Error, CustomStringConvertible {
        public let environment: String

        public var description: String {
            """
            Seeding is refused in the environment \(environment): the seeded accounts have public passwords. \
            It works with APP_ENV=local only; make real accounts with `livekit-conference user add`.
            """
        }
    }

    private let postgres: Postgres
    private let hasher: any PasswordHashing
    private let clock: any WallClock

    public init(
        postgres: Postgres, hasher: any PasswordHashing = Argon2PasswordHasher(),
        clock: any WallClock = SystemWallClock()
    ) {
        self.postgres = postgres
        self.hasher = hasher
        self.clock = clock
    }

    /// Writes what is missing, as one transaction.
    ///
    /// - Parameter environment: the value of `APP_ENV`.
    /// - Throws: `Refused`, `ConferenceError.unavailable`.
    public func run(environment: String) async throws -> Summary {
        guard environment == "local" else { throw Refused(environment: environment) }
        let adminHash = try await hasher.hash(Self.adminPassword)
        let memberHash = try await hasher.hash(Self.memberPassword)
        let passcodeHash = try await hasher.hash(Self.passcode)
        let now = clock.now
        return try await StoreError.mapped {
            try await postgres.withTransaction { connection in
                var summary = Summary()
                summary.accounts = try await connection.execute(Self.accounts, [adminHash.phc, memberHash.phc, now])
                summary.meetings = try await connection.execute(Self.meetings, [passcodeHash.phc, now])
                summary.participants = try await connection.execute(Self.participants, [now])
                summary.events = try await connection.execute(Self.events, [])
                _ = try await connection.execute(Self.gatherings)
                return summary
            }
        }
    }

    private static let accounts = """
        INSERT INTO accounts (id, email, display_name, role, password_hash, sessions_valid_after, created_at)
        VALUES
            ('01900000-0000-7000-8000-000000000001', '\(adminEmail)', 'Ada Admin', 'admin', $1, $3, $3),
            ('01900000-0000-7000-8000-000000000002', '\(memberEmail)', 'Max Member', 'member', $2, $3, $3)
        ON CONFLICT DO NOTHING
        """

    /// One of each kind and state, so that every view of the frontend has something to show.
    private static let meetings = """
        INSERT INTO meetings
            (id, join_code, owner_id, title, kind, state, scheduled_start, scheduled_end, started_at, ended_at,
            passcode_hash, lobby, capacity, created_at, updated_at)
        SELECT ('01900000-0000-7000-8000-00000000010' || number)::uuid, code, accounts.id, title, kind, state,
            $2::timestamptz + starts, $2::timestamptz + ends, $2::timestamptz + started, $2::timestamptz + ended,
            CASE WHEN has_passcode THEN $1 END, lobby, capacity, $2::timestamptz - interval '30 days', $2
        FROM (VALUES
            (1, 'seed-0000-0000-0000-0001', '\(adminEmail)', 'Daily stand-up', 'recurring', 'scheduled',
                NULL::interval, NULL::interval, NULL::interval, NULL::interval, false, 'off', NULL::integer),
            (2, 'seed-0000-0000-0000-0002', '\(memberEmail)', 'Design review', 'scheduled', 'scheduled',
                interval '1 day', interval '25 hours', NULL, NULL, true, 'guests', 20),
            (3, 'seed-0000-0000-0000-0003', '\(memberEmail)', 'Quick call', 'instant', 'ended',
                NULL, NULL, interval '-2 days', interval '-47 hours', false, 'off', NULL),
            (4, 'seed-0000-0000-0000-0004', '\(adminEmail)', 'Quarterly planning', 'scheduled', 'ended',
                interval '-7 days', interval '-166 hours', interval '-7 days', interval '-166 hours', false,
                'everyone', 50)
        ) AS seed (number, code, owner, title, kind, state, starts, ends, started, ended, has_passcode, lobby, capacity)
        JOIN accounts ON accounts.email = seed.owner
        ON CONFLICT DO NOTHING
        """

    /// Six people in each meeting that has ended: its owner and five guests.
    private static let participants = """
        INSERT INTO participants
            (id, meeting_id, account_id, role, display_name, joined_at, admitted_at, seat_held_until, connected_at, left_at)
        SELECT ('01900000-0000-7000-8000-0000000' || right(meetings.id::text, 3) || '0' || number)::uuid, meetings.id,
            CASE number WHEN 0 THEN owner_id END, CASE number WHEN 0 THEN 'host' ELSE 'guest' END,
            CASE number WHEN 0 THEN accounts.display_name ELSE 'Guest ' || number END,
            at, at, at + interval '10 minutes', at + interval '1 second', least(ended_at, $1)
        FROM meetings
        JOIN accounts ON accounts.id = owner_id
        CROSS JOIN generate_series(0, 5) AS number
        CROSS JOIN LATERAL (SELECT started_at + number * interval '1 minute' AS at) AS joining
        WHERE join_code LIKE 'seed-%' AND state = 'ended'
        ON CONFLICT DO NOTHING
        """

    private static let events = """
        INSERT INTO analytics_events (id, meeting_id, participant_id, kind, occurred_at)
        SELECT participants.id, meeting_id, participants.id, 'participant.joined', joined_at
        FROM participants
        JOIN meetings ON meetings.id = meeting_id
        WHERE join_code LIKE 'seed-%' AND meetings.state = 'ended'
        ON CONFLICT DO NOTHING
        """

    /// The running program sums them up.
    private static let gatherings = """
        INSERT INTO gatherings (meeting_id, owner_id, started_at, ended_at)
        SELECT id, owner_id, started_at, ended_at FROM meetings WHERE join_code LIKE 'seed-%' AND state = 'ended'
        ON CONFLICT DO NOTHING
        """
}
