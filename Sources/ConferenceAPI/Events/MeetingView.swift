import Conference

/// What someone may see of a meeting's events.
struct MeetingView: Hashable, Sendable {
    let participantID: ParticipantID?
    let isHost: Bool
    let isAdmitted: Bool

    init(_ standing: MeetingStanding) {
        participantID = standing.participant?.id
        isHost = standing.isHost
        isAdmitted = standing.isAdmitted
    }

    func sees(_ event: MeetingEvent) -> Bool { event.name == .reset || sees(event.audience) }

    func sees(_ audience: MeetingEvent.Audience) -> Bool {
        switch audience {
        case .everyone: isAdmitted
        case .hosts: isHost
        case .participant(let id): id == participantID
        }
    }
}
