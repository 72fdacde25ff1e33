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

    /// - Parameter audience: see ``MeetingEvent/reach``.
    func sees(_ audience: MeetingEvent.Audience?) -> Bool {
        switch audience {
        case nil: true
        case .everyone: isAdmitted
        case .hosts: isHost
        case .participant(let id): id == participantID
        }
    }
}

extension MeetingEvent {
    /// Its audience; nil is everyone who listens, those too who wait in the lobby: who may have missed events reads again.
    var reach: Audience? { name == .reset ? nil : audience }
}
