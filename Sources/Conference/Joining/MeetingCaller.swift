/// Who asks for something in a meeting: someone signed in, someone with a participant's key, or both at once.
public struct MeetingCaller: Hashable, Sendable {
    public let principal: Principal?
    public let claim: ParticipantClaim?

    public init(principal: Principal?, claim: ParticipantClaim?) {
        self.principal = principal
        self.claim = claim
    }
}
