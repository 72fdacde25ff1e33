/// What someone may do in a room on the media server.
public struct RoomGrants: Hashable, Sendable {
    /// A kind of track that may be published; raw values as LiveKit spells them.
    public enum Source: String, Sendable, Codable, CaseIterable {
        case camera, microphone
        case screenShare = "screen_share"
        case screenShareAudio = "screen_share_audio"
    }

    public var canPublish: Bool
    public var canSubscribe: Bool
    /// Reactions and the live changes of a whiteboard.
    public var canPublishData: Bool
    public var publishSources: [Source]
    /// May mute and remove others in this room.
    public var roomAdmin: Bool

    public init(
        canPublish: Bool, canSubscribe: Bool, canPublishData: Bool, publishSources: [Source], roomAdmin: Bool
    ) {
        self.canPublish = canPublish
        self.canSubscribe = canSubscribe
        self.canPublishData = canPublishData
        self.publishSources = publishSources
        self.roomAdmin = roomAdmin
    }

    /// The grants of `participant` under `settings`. Nobody may change their own name or metadata, which others trust.
    ///
    /// Those who were made hosts for the time being moderate through the API alone: the media server would renew a right
    /// that stands in their token for as long as they are connected.
    public init(of participant: Participant, settings: MeetingSettings) {
        let role = participant.actingRole
        var sources: [Source] = [.camera, .microphone]
        if settings.screenShare.includes(role) { sources += [.screenShare, .screenShareAudio] }
        self.init(
            canPublish: true, canSubscribe: true,
            canPublishData: settings.chat.includes(role) || settings.draw.includes(role), publishSources: sources,
            roomAdmin: participant.role == .host)
    }
}

/// A token to be signed: who may enter which room, as what, for how long.
public struct RoomTokenRequest: Hashable, Sendable {
    /// The room's name is the meeting's id.
    public let room: MeetingID
    /// The identity is the participant's id.
    public let identity: ParticipantID
    public let name: DisplayName
    public let role: ParticipantRole
    public let grants: RoomGrants
    public let lifetime: Duration

    public init(
        room: MeetingID, identity: ParticipantID, name: DisplayName, role: ParticipantRole, grants: RoomGrants,
        lifetime: Duration
    ) {
        self.room = room
        self.identity = identity
        self.name = name
        self.role = role
        self.grants = grants
        self.lifetime = lifetime
    }
}
