extension Meeting {
    /// The role in which `principal` (nil for a guest) comes to this meeting.
    public func role(of principal: Principal?) -> ParticipantRole {
        guard let principal else { return .guest }
        return isManaged(by: principal) ? .host : .member
    }

    /// Why the door stays shut, apart from a lack of seats; nil when it opens. Hosts need no passcode and pass a lock.
    public func refusal(of attempt: JoinAttempt) -> ConferenceError? {
        if state == .ended { return .meetingEnded }
        if role(of: attempt.principal) == .host { return nil }
        if settings.locked { return .meetingLocked }
        if let hash = settings.passcodeHash, hash != attempt.verifiedPasscodeHash { return .passcodeRequired }
        return nil
    }
}
