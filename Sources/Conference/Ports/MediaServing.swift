/// Rooms and the people in them on the media server. A meeting's room has the meeting's id as its name, a participant's
/// identity is the participant's id.
///
/// Every function may throw `ConferenceError.unavailable` (service `media server`). What was there before a call and is
/// gone, or never was, is no error where the caller wanted it gone.
public protocol MediaServing: Sendable {
    /// Makes the meeting's room; one that is there already stays as it is.
    @discardableResult
    func createRoom(for meeting: MeetingID, options: MediaRoomOptions) async throws -> MediaRoom
    /// All rooms, those that aren't ours too.
    func rooms() async throws -> [MediaRoom]
    func room(of meeting: MeetingID) async throws -> MediaRoom?
    /// Deletes a room by its name and disconnects everyone in it. False when there was none.
    @discardableResult
    func deleteRoom(named name: String) async throws -> Bool
    /// Throws `notFound(.meeting)` when it has no room.
    func setMetadata(_ metadata: String, ofRoom meeting: MeetingID) async throws
    /// Everyone in the room, recorders and agents too; empty when there is no room.
    func participants(in meeting: MeetingID) async throws -> [MediaParticipant]
    func participant(_ id: ParticipantID, in meeting: MeetingID) async throws -> MediaParticipant?
    /// Disconnects someone. False when they weren't there. Their token stays good until it expires.
    @discardableResult
    func remove(_ id: ParticipantID, from meeting: MeetingID) async throws -> Bool
    /// Mutes a track. False when there is no such track or participant. There is no unmuting: who is muted unmutes
    /// themselves.
    @discardableResult
    func muteTrack(_ sid: String, of id: ParticipantID, in meeting: MeetingID) async throws -> Bool
    /// Throws `notFound(.participant)` when they aren't in the room.
    @discardableResult
    func update(
        _ id: ParticipantID, in meeting: MeetingID, with update: MediaParticipantUpdate
    ) async throws -> MediaParticipant
    /// Sends a message to those named, or to everyone in the room when `recipients` is nil, reliably and in order.
    /// Throws `notFound(.meeting)` when there is no room.
    func send(_ message: [UInt8], topic: String, to recipients: [ParticipantID]?, in meeting: MeetingID) async throws
}

extension MediaServing {
    /// Deletes the meeting's room and disconnects everyone in it. False when there was none.
    @discardableResult
    public func deleteRoom(of meeting: MeetingID) async throws -> Bool {
        try await deleteRoom(named: meeting.description)
    }
}
