import Conference
import ConferenceTestSupport
import FoundationEssentials
import Platform

/// Meetings and those in them, in memory.
final class MemoryMeetings: MeetingStoring, ParticipantStoring, MemoryPeople {
    private struct Content {
        var meetings: [MeetingID: Meeting] = [:]
        var participants: [ParticipantID: Participant] = [:]
        var outage: ConferenceError?
    }

    private let content = Lock(Content())
    private let recordings: MemoryRecordings

    init(recordings: MemoryRecordings) { self.recordings = recordings }

    var outage: ConferenceError? {
        get { content.withLock { $0.outage } }
        set { content.withLock { $0.outage = newValue } }
    }

    private func with<Value>(_ body: (inout sending Content) throws -> sending Value) throws -> Value {
        try content.withLock { content in
            if let outage = content.outage { throw outage }
            return try body(&content)
        }
    }

    func insert(_ meeting: Meeting) async throws { try with { $0.meetings[meeting.id] = meeting } }

    func meeting(_ reference: MeetingReference) async throws -> Meeting? {
        try with { MemoryMeetings.find(reference, $0.meetings) }
    }

    private static func find(_ reference: MeetingReference, _ meetings: [MeetingID: Meeting]) -> Meeting? {
        switch reference {
        case .id(let id): meetings[id]
        case .code(let code): meetings.values.first { $0.joinCode == code }
        }
    }

    func meetings(_ filter: MeetingFilter, before: MeetingID?, limit: Int) async throws -> [Meeting] {
        try with { content in
            let found = content.meetings.values.filter { meeting in
                (filter.owner == nil || meeting.ownerID == filter.owner)
                    && (filter.state == nil || meeting.state == filter.state)
                    && (before == nil || meeting.id < before!)
            }
            return Array(found.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    func update(_ meeting: Meeting) async throws -> VersionedUpdate<Meeting> {
        try with { content in
            guard let stored = content.meetings[meeting.id] else { return .missing }
            guard stored.version == meeting.version else { return .stale }
            var updated = meeting
            updated.version += 1
            content.meetings[meeting.id] = updated
            return .updated(updated)
        }
    }

    func end(_ id: MeetingID, at moment: Date) async throws -> Meeting? {
        try with { content in
            guard var meeting = content.meetings[id] else { return nil }
            if meeting.state != .ended {
                meeting.state = .ended
                meeting.endedAt = moment
                meeting.version += 1
                content.meetings[id] = meeting
            }
            return meeting
        }
    }

    func delete(_ id: MeetingID) async throws -> Bool {
        try with { $0.meetings.removeValue(forKey: id) != nil }
    }

    func join(_ attempt: JoinAttempt) async throws -> JoinOutcome {
        let recorded = Set(recordings.all.filter(\.state.isRunning).map(\.meetingID))
        return try with { content in
            guard var meeting = MemoryMeetings.find(attempt.meeting, content.meetings) else { return .missing }
            guard meeting.refusal(of: attempt) == nil else { return .refused(meeting) }
            let role = meeting.role(of: attempt.principal)
            let waits =
                role != .host
                && (meeting.settings.lobby == .everyone
                    || (meeting.settings.lobby == .guests && role == .guest))
            let participant = Participant(
                id: attempt.participantID, meetingID: meeting.id, accountID: attempt.principal?.accountID, role: role,
                displayName: attempt.displayName, joinedAt: attempt.at, admittedAt: waits ? nil : attempt.at,
                seatHeldUntil: attempt.seatHeldUntil)
            content.participants[participant.id] = participant
            if !waits { meeting.state = .live }
            content.meetings[meeting.id] = meeting
            return .recorded(participant, meeting, recordingActive: recorded.contains(meeting.id))
        }
    }

    func participant(_ id: ParticipantID) async throws -> Participant? { try with { $0.participants[id] } }

    func place(of id: ParticipantID, in meeting: MeetingID) async throws -> MeetingPlace? {
        try with { content in
            content.meetings[meeting].map { found in
                let participant = content.participants[id].flatMap { $0.meetingID == meeting ? $0 : nil }
                return MeetingPlace(meeting: found, participant: participant)
            }
        }
    }

    /// As if someone had joined.
    func makeLive(_ id: MeetingID) { content.withLock { $0.meetings[id]?.state = .live } }

    /// Puts someone into a meeting, or changes who is there.
    func put(_ participant: Participant) { content.withLock { $0.participants[participant.id] = participant } }

    func present(in meeting: MeetingID, limit: Int) async throws -> [Participant] {
        try with { $0.participants.values.filter { $0.meetingID == meeting } }
    }

    func leave(_ id: ParticipantID, at moment: Date) async throws -> Bool {
        try with { content in
            guard let person = content.participants[id], person.leftAt == nil else { return false }
            content.participants[id] = person.with(leftAt: moment)
            return true
        }
    }

    func people(in meeting: MeetingID) -> [Participant] {
        content.withLock { $0.participants.values.filter { $0.meetingID == meeting } }
    }

    func storedMeeting(_ id: MeetingID) -> Meeting? { content.withLock { $0.meetings[id] } }
    func store(_ meeting: Meeting) { content.withLock { $0.meetings[meeting.id] = meeting } }
    func store(_ participant: Participant) { put(participant) }
}
