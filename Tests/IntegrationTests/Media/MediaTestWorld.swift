import Conference
import ConferenceStores
import FoundationEssentials
import LiveKit
import Platform
import Postgres
import TestSupport

/// A meeting with people who were let in, and everything that takes the media server's events, on a real database.
struct MediaTestWorld: Sendable {
    static let secret = "abcdefghijklmnopqrstuvwxyz0123456789"
    /// When the recorded gathering began, for us.
    static let begin = Date(timeIntervalSince1970: 1_795_397_134)

    let database: StoreTestDatabase
    let clock: SettableClock
    let server: ScriptedMediaServer
    let presence = MemoryPresence()
    let told = CollectedEvents()
    let egress = CollectedEgress()

    var store: PostgresMediaStateStore { PostgresMediaStateStore(database.postgres) }
    var reader: LiveKitEventReader { LiveKitEventReader(apiKey: "devkey", secret: Self.secret, clock: clock) }

    var events: MediaEventService {
        MediaEventService(
            store: store, server: server, presence: presence, egress: egress, events: told, clock: clock)
    }

    var reconciler: MediaReconciler {
        MediaReconciler(
            server: server, recorder: server, store: store, events: events, egress: egress, presence: presence,
            clock: clock)
    }

    static func with(_ body: (MediaTestWorld) async throws -> Void) async throws {
        try await StoreTestDatabase.with { database in
            try await body(
                MediaTestWorld(database: database, clock: SettableClock(begin + 16), server: ScriptedMediaServer()))
        }
    }

    /// A live meeting with guests who were let in when the recording begins.
    func gathering(
        of guests: Int, kind: MeetingKind = .instant, seatHeldFor: TimeInterval = 600
    ) async throws -> (meeting: MeetingID, guests: [ParticipantID]) {
        let owner = try await database.account("owner-\(database.ids.next())@example.com")
        let meeting = try await database.meeting(of: owner.id, kind: kind)
        var ids: [ParticipantID] = []
        for _ in 0..<guests {
            let attempt = JoinAttempt(
                meeting: .code(meeting.joinCode), participantID: ParticipantID(database.ids.next()), principal: nil,
                displayName: try DisplayName("Guest"), at: Self.begin, seatHeldUntil: Self.begin + seatHeldFor)
            _ = try await database.participants.join(attempt)
            ids.append(attempt.participantID)
        }
        return (meeting.id, ids)
    }

    /// Passes content through verification and all, as if the media server had sent it now.
    @discardableResult
    func deliver(_ content: String) async throws -> MediaEventService.Receipt {
        let bytes = Array(content.utf8)
        let now = Int(clock.now.timeIntervalSince1970)
        let token = WebhookSigning.token(
            header: #"{"alg":"HS256","typ":"JWT"}"#,
            claims:
                #"{"iss":"devkey","nbf":\#(now),"exp":\#(now + 300),"sha256":"\#(WebhookSigning.hash(of: bytes))"}"#,
            secret: Self.secret)
        return try await events.receive(try reader.read(authorization: token, content: bytes))
    }

    /// Everything that follows from events about a meeting, as text that a test can write down.
    func state(of meeting: MeetingID, guests: [ParticipantID]) async throws -> [String] {
        func time(_ row: PostgresRow, _ column: Int) throws -> String {
            guard let date = try row.get(column, as: Date?.self) else { return "-" }
            let milliseconds = ((date.timeIntervalSince1970 - Self.begin.timeIntervalSince1970) * 1000).rounded()
            return "\(Int(milliseconds))"
        }
        var lines: [String] = []
        let meetings = try await database.postgres.query(
            "SELECT started_at, ended_at, state FROM meetings WHERE id = $1", [meeting.uuid])
        for row in meetings {
            lines.append("meeting \(try row.get(2, as: String.self)) \(try time(row, 0)) \(try time(row, 1))")
        }
        for (index, guest) in guests.enumerated() {
            let rows = try await database.postgres.query(
                "SELECT connected_at, left_at FROM participants WHERE id = $1", [guest.uuid])
            for row in rows { lines.append("guest\(index) \(try time(row, 0)) \(try time(row, 1))") }
        }
        let timeline = try await database.postgres.query(
            """
            SELECT occurred_at, kind, details ? 'repaired', participant_id FROM analytics_events
            WHERE meeting_id = $1 ORDER BY occurred_at, kind, participant_id
            """, [meeting.uuid])
        for row in timeline {
            let guest = try row.get(3, as: UUID?.self).flatMap { id in guests.firstIndex { $0.uuid == id } }
            let who = guest.map { " guest\($0)" } ?? ""
            let repaired = try row.get(2, as: Bool.self) ? " repaired" : ""
            lines.append("\(try time(row, 0)) \(try row.get(1, as: String.self))\(who)\(repaired)")
        }
        return lines
    }

    /// Events that were received and not applied.
    func unapplied() async throws -> Int {
        try await database.postgres.query("SELECT count(*) FROM webhook_inbox WHERE applied_at IS NULL")[0].get(0)
    }

    func notes() async throws -> [String?] {
        try await database.postgres.query("SELECT note FROM webhook_inbox ORDER BY id").map { try $0.get(0) }
    }
}
