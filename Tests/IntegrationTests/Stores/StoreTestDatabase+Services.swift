import Conference
import ConferenceStores
import ConferenceTestSupport
import FoundationEssentials
import Postgres

/// The domain's services on the test's database. Media server and sessions are doubles.
extension StoreTestDatabase {
    private var audit: PostgresAuditLog { PostgresAuditLog(postgres) }

    var accountService: AccountService {
        AccountService(
            accounts: accounts, hasher: Argon2PasswordHasher(), sessions: ForgottenSessions(), audit: audit,
            clock: clock, ids: ids)
    }

    var meetingService: MeetingService {
        MeetingService(
            meetings: meetings, hasher: Argon2PasswordHasher(), audit: audit, clock: clock, ids: ids,
            random: SystemRandomSource())
    }

    var lobbyService: LobbyService { LobbyService(access: access, lobby: participants, journal: journal) }

    var moderationService: ModerationService {
        ModerationService(
            access: access, participants: participants, moderation: participants, media: MemoryRooms(),
            journal: journal)
    }

    var messageService: MessageService {
        MessageService(access: access, messages: messages, limiter: NoLimit(), journal: journal, ids: ids)
    }

    private var access: MeetingAccess { MeetingAccess(meetings: meetings, participants: participants) }

    private var journal: MeetingJournal {
        MeetingJournal(audit: audit, timeline: PostgresTimeline(postgres), events: RecordingEvents(), clock: clock)
    }
}

/// Has no sessions that could be voided; no test starts one.
private struct ForgottenSessions: SessionStoring {
    func create(for account: SessionAccount) async -> IssuedSession { fatalError("no test expects a session to start") }
    func find(cookie: String) async -> FoundSession? { fatalError("no test expects a session to be looked up") }
    func revoke(cookie: String) async -> SessionRevocation { fatalError("no test expects one session to be revoked") }
    func revokeAll(of accountID: UUID) async -> SessionRevocation { .done }
}

private struct NoLimit: RateLimiting {
    func take(_ bucket: RateLimitBucket, key: String) async -> RateLimitDecision {
        RateLimitDecision(
            allowed: true, limit: bucket.capacity, remaining: bucket.capacity, resetAfter: .zero, retryAfter: nil)
    }
}
