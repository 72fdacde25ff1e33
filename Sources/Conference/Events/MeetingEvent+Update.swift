import FoundationEssentials

extension MeetingEvent.Name {
    /// The service is about to be updated: calls may break off for a moment.
    public static let updateAnnounced = Self(rawValue: "service.update_announced")
}

extension MeetingEvent {
    /// Tells everyone in a meeting that the service is updated soon.
    public static func update(inMinutes minutes: Int, of meeting: MeetingID, at now: Date) -> MeetingEvent {
        MeetingEvent(.updateAnnounced, in: meeting, at: now, data: ["minutes": .integer(minutes)])
    }
}
