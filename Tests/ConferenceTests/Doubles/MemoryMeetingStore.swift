import Conference
import ConferenceTestSupport
import FoundationEssentials
import Platform

/// Meetings and their people in memory, with the rules that the ports promise.
final class MemoryMeetingStore: MeetingStoring, ParticipantStoring, MemoryPeople {
    private struct State {
        var meetings: [MeetingID: Meeting] = [:]
        var participants: [Participant] = []
    }

    private let state = Lock(State())

    var participants: [Participant] { state.withLock { $0.participants } }

    func insert(_ meeting: Meeting) async throws { state.withLock { $0.meetings[meeting.id] = meeting } }

    func meeting(_ reference: MeetingReference) async throws -> Meeting? {
        state.withLock { Self.find(reference, $0) }
    }

    func meetings(_ filter: MeetingFilter, before: MeetingID?, limit: Int) async throws -> [Meeting] {
        state.withLock { state in
            let matching = state.meetings.values.filter { meeting in
                (filter.owner.map { $0 == meeting.ownerID } ?? true)
                    && (filter.state.map { $0 == meeting.state } ?? true)
                    && (before.map { meeting.id < $0 } ?? true)
            }
            return Array(matching.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    func update(_ meeting: Meeting) async throws -> VersionedUpdate<Meeting> {
        state.withLock { state in
            guard let stored = state.meetings[meeting.id] else { return .missing }
            guard stored.version == meeting.version, stored.state != .ended else { return .stale }
            var new = meeting
            new.version += 1
            state.meetings[meeting.id] = new
            return .updated(new)
        }
    }

    func end(_ id: MeetingID, at moment: Date) async throws -> Meeting? {
        state.withLock { state in
            guard var meeting = state.meetings[id] else { return nil }
            guard meeting.state == .live || (meeting.state == .scheduled && meeting.kind != .recurring) else {
                return meeting
            }
            meeting.state = meeting.kind == .recurring ? .scheduled : .ended
            meeting.startedAt = meeting.kind == .recurring ? nil : meeting.startedAt
            meeting.endedAt = meeting.kind == .recurring ? nil : moment
            meeting.version += 1
            state.meetings[id] = meeting
            return meeting
        }
    }

    func delete(_ id: MeetingID) async throws -> Bool { state.withLock { $0.meetings.removeValue(forKey: id) != nil } }

    func join(_ attempt: JoinAttempt) async throws -> JoinOutcome {
        state.withLock { state in
            guard var meeting = Self.find(attempt.meeting, state) else { return .missing }
            guard meeting.refusal(of: attempt) == nil else { return .refused(meeting) }
            let role = meeting.role(of: attempt.principal)
            let isRemoved = state.participants.contains {
                $0.meetingID == meeting.id && $0.removedAt != nil && $0.accountID == attempt.principal?.accountID
            }
            if role == .member, isRemoved { return .keptOut }
            let waits =
                role != .host
                && (meeting.settings.lobby == .everyone || (meeting.settings.lobby == .guests && role == .guest))
            let taken = state.participants.count {
                $0.meetingID == meeting.id && $0.leftAt == nil
                    && ($0.connectedAt != nil || $0.seatHeldUntil.map { $0 > attempt.at } ?? false)
            }
            if !waits, let capacity = meeting.settings.capacity, taken >= capacity { return .refused(meeting) }
            let participant = Participant(
                id: attempt.participantID, meetingID: meeting.id, accountID: attempt.principal?.accountID, role: role,
                displayName: attempt.displayName, joinedAt: attempt.at, admittedAt: waits ? nil : attempt.at,
                seatHeldUntil: waits ? nil : attempt.seatHeldUntil)
            state.participants.append(participant)
            if !waits, meeting.state == .scheduled {
                meeting.state = .live
                meeting.startedAt = attempt.at
                meeting.version += 1
                state.meetings[meeting.id] = meeting
            }
            return .recorded(participant, meeting, recordingActive: false)
        }
    }

    func participant(_ id: ParticipantID) async throws -> Participant? { participants.first { $0.id == id } }

    func place(of id: ParticipantID, in meeting: MeetingID) async throws -> MeetingPlace? {
        let participant = participants.first { $0.id == id && $0.meetingID == meeting }
        return storedMeeting(meeting).map { MeetingPlace(meeting: $0, participant: participant) }
    }

    func present(in meeting: MeetingID, limit: Int) async throws -> [Participant] {
        state.withLock { state in
            Array(state.participants.filter { $0.meetingID == meeting && $0.leftAt == nil }.prefix(limit))
        }
    }

    func leave(_ id: ParticipantID, at moment: Date) async throws -> Bool {
        guard let person = try await participant(id), person.leftAt == nil else { return false }
        store(person.with(leftAt: moment))
        return true
    }

    func people(in meeting: MeetingID) -> [Participant] {
        state.withLock { $0.participants.filter { $0.meetingID == meeting } }
    }

    func storedMeeting(_ id: MeetingID) -> Meeting? { state.withLock { $0.meetings[id] } }
    func store(_ meeting: Meeting) { state.withLock { $0.meetings[meeting.id] = meeting } }

    func store(_ participant: Participant) {
        state.withLock { state in
            state.participants.removeAll { $0.id == participant.id }
            state.participants.append(participant)
        }
    }

    /// What the media server reports when someone is gone.
    func markGone(_ id: ParticipantID, at moment: Date) {
        if let person = participants.first(where: { $0.id == id }) { store(person.with(leftAt: moment)) }
    }

    private static func find(_ reference: MeetingReference, _ state: State) -> Meeting? {
        switch reference {
        case .id(let id): state.meetings[id]
        case .code(let code): state.meetings.values.first { $0.joinCode == code }
        }
    }
}
