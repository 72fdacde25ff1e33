/// Tells those who listen to a meeting, on every instance, what happened there.
public protocol MeetingEventPublishing: Sendable {
    /// Call it after the change is stored. It never fails: an event that is lost is logged and counted, and clients find
    /// what they missed by reading again.
    func publish(_ event: MeetingEvent) async
}
