import FoundationEssentials

/// Writes down what hosts do, and tells those whom it concerns.
public struct MeetingJournal: Sendable {
    private let log: any AuditLogging
    private let timeline: any TimelineWriting
    private let events: any MeetingEventPublishing
    let clock: any WallClock

    public init(
        audit: any AuditLogging, timeline: any TimelineWriting, events: any MeetingEventPublishing,
        clock: any WallClock
    ) {
        self.log = audit
        self.timeline = timeline
        self.events = events
        self.clock = clock
    }

    /// Runs `body`, a change and what is recorded of it: `AuditLogging.atomically`.
    func atomically<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await log.atomically(body)
    }

    /// Into the audit log and the meeting's timeline.
    func record(
        _ action: AuditEntry.Action, by actor: MeetingStanding, about subject: ParticipantID? = nil,
        details: [String: String] = [:]
    ) async throws {
        var details = details
        // A host without an account has no other name in the log.
        details["by"] = actor.participant?.id.description
        try await record(action.rawValue, in: actor.meeting.id, about: subject, at: clock.now, details: details)
        try await audit(action, by: actor, about: subject, details: details)
    }

    /// Into the audit log alone.
    func audit(
        _ action: AuditEntry.Action, by actor: MeetingStanding, about subject: ParticipantID?,
        details: [String: String] = [:]
    ) async throws {
        var details = details
        details["by"] = actor.participant?.id.description
        details["participant"] = subject?.description
        try await log.record(
            AuditEntry(
                action, actor: actor.accountID, subject: actor.meeting.id.uuid, at: clock.now, details: details))
    }

    /// Into the meeting's timeline alone.
    func record(
        _ kind: String, in meeting: MeetingID, about subject: ParticipantID?, at moment: Date,
        details: [String: String] = [:]
    ) async throws {
        try await timeline.record(
            TimelineEntry(kind, in: meeting, participant: subject, at: moment, details: details))
    }

    func tell(
        _ name: MeetingEvent.Name, in meeting: MeetingID, to audience: MeetingEvent.Audience = .everyone,
        _ data: [String: MeetingEvent.Value] = [:]
    ) async {
        await events.publish(MeetingEvent(name, in: meeting, to: audience, at: clock.now, data: data))
    }

    /// Tells someone what happened to them.
    func tellPerson(
        _ name: MeetingEvent.Name, _ participant: Participant, _ data: [String: MeetingEvent.Value] = [:]
    ) async {
        let data = data.merging(["participantId": .string(participant.id.description)]) { $1 }
        await tell(name, in: participant.meetingID, to: .participant(participant.id), data)
    }
}
