import Conference
import FoundationEssentials
import Postgres

/// The people of meetings in PostgreSQL: the table `participants`.
///
/// Joining is one round trip for a live meeting without a limit, the common case: one statement that checks the door,
/// writes the row and returns the meeting and whether it is being recorded. It holds the meeting's row in share mode, so any number join at once, but
/// ending or locking the meeting waits for them and they for it. The first join, and every join of a meeting with a limit,
/// takes a second statement which holds that row alone and so counts the seats exactly.
public struct PostgresParticipantStore: ParticipantStoring {
    let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    static let columns = """
        id, meeting_id, account_id, role, display_name, joined_at, admitted_at, seat_held_until, connected_at, left_at, \
        cohost_since, hand_raised_at, denied_at, removed_at
        """

    public func join(_ attempt: JoinAttempt) async throws -> JoinOutcome {
        let (statements, known, key): ([String], String, any PostgresEncodable) =
            switch attempt.meeting {
            case .id(let id): (JoinStatement.byID, "SELECT 1 FROM meetings WHERE id = $1", id.uuid)
            case .code(let code): (JoinStatement.byCode, "SELECT 1 FROM meetings WHERE join_code = $1", code.text)
            }
        let parameters: [(any PostgresEncodable)?] = [
            key, attempt.participantID.uuid, attempt.principal?.accountID.uuid, attempt.principal?.isAdmin ?? false,
            attempt.displayName.text, attempt.verifiedPasscodeHash?.phc, attempt.at, attempt.seatHeldUntil,
        ]
        return try await StoreError.mapped {
            // Each statement finds the meeting only while it is its case; when both miss, the meeting went from one case
            // to the other in between.
            for _ in 0..<8 {
                for sql in statements {
                    guard let row = try await postgres.query(sql, parameters).first else { continue }
                    return try await whyRefused(try outcome(row, attempt), attempt)
                }
                if try await postgres.query(known, [key]).isEmpty { return .missing }
            }
            throw ConferenceError.busy(retryAfter: .seconds(1))
        }
    }

    public func participant(_ id: ParticipantID) async throws -> Participant? {
        let sql = "SELECT \(Self.columns) FROM participants WHERE id = $1"
        return try await StoreError.mapped { try await postgres.query(sql, [id.uuid]).first.map(Self.participant) }
    }

    public func place(of id: ParticipantID, in meeting: MeetingID) async throws -> MeetingPlace? {
        let statements = [
            PostgresStatement("SELECT \(Meeting.columns) FROM meetings WHERE id = $1", [meeting.uuid]),
            PostgresStatement(
                "SELECT \(Self.columns) FROM participants WHERE id = $1 AND meeting_id = $2", [id.uuid, meeting.uuid]),
        ]
        return try await StoreError.mapped {
            let rows = try await postgres.pipeline(statements).map { try $0.get().rows }
            guard let meeting = try rows[0].first.map({ try Meeting($0) }) else { return nil }
            return MeetingPlace(meeting: meeting, participant: try rows[1].first.map(Self.participant))
        }
    }

    public func present(in meeting: MeetingID, limit: Int) async throws -> [Participant] {
        let sql = """
            SELECT \(Self.columns) FROM participants WHERE meeting_id = $1 AND left_at IS NULL
            ORDER BY joined_at, id LIMIT $2
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, [meeting.uuid, limit]).map(Self.participant)
        }
    }

    public func leave(_ id: ParticipantID, at moment: Date) async throws -> Bool {
        let sql = "UPDATE participants SET left_at = greatest($2, joined_at) WHERE id = $1 AND left_at IS NULL"
        return try await StoreError.mapped { try await postgres.execute(sql, [id.uuid, moment]) > 0 }
    }

    /// Tells a removal from a lack of seats.
    private func whyRefused(_ outcome: JoinOutcome, _ attempt: JoinAttempt) async throws -> JoinOutcome {
        guard case .refused(let meeting) = outcome, meeting.role(of: attempt.principal) == .member,
            meeting.refusal(of: attempt) == nil
        else { return outcome }
        let rows = try await postgres.query(
            "SELECT meeting_keeps_out($1, $2)", [meeting.id.uuid, attempt.principal?.accountID.uuid])
        return try rows.first?.get(0, as: Bool.self) == true ? .keptOut : outcome
    }

    private func outcome(_ row: PostgresRow, _ attempt: JoinAttempt) throws -> JoinOutcome {
        var reader = RowReader(row)
        let meeting = try Meeting(&reader)
        guard let role = try reader.next(String?.self).flatMap(ParticipantRole.init(rawValue:)) else {
            return .refused(meeting)
        }
        let admittedAt = try reader.next(Date?.self)
        let participant = Participant(
            id: attempt.participantID, meetingID: meeting.id, accountID: attempt.principal?.accountID, role: role,
            displayName: attempt.displayName, joinedAt: attempt.at, admittedAt: admittedAt,
            seatHeldUntil: admittedAt == nil ? nil : attempt.seatHeldUntil)
        return .recorded(participant, meeting, recordingActive: try reader.next(Bool.self))
    }

    /// Reads `columns`, in their order.
    static func participant(_ row: PostgresRow) throws -> Participant {
        var reader = RowReader(row)
        return try Participant(
            id: ParticipantID(reader.next()), meetingID: MeetingID(reader.next()),
            accountID: reader.next(UUID?.self).map { AccountID($0) }, role: reader.nextCase(),
            displayName: DisplayName(stored: reader.next()), joinedAt: reader.next(), admittedAt: reader.next(),
            seatHeldUntil: reader.next(), connectedAt: reader.next(), leftAt: reader.next(),
            cohostSince: reader.next(), handRaisedAt: reader.next(), deniedAt: reader.next(), removedAt: reader.next())
    }
}
