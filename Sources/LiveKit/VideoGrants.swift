import Platform

/// What the holder of a token may do: the `video` claim of LiveKit's access tokens. What is nil is left out, and LiveKit
/// then applies its default: nothing, except that a participant may publish, subscribe and send data.
///
/// Source: livekit/protocol, `auth/grants.go`, `VideoGrant`.
public struct VideoGrants: Hashable, Sendable {
    /// A kind of media track a participant may publish.
    public enum TrackSource: String, Hashable, Sendable, CaseIterable {
        case camera
        case microphone
        case screenShare = "screen_share"
        case screenShareAudio = "screen_share_audio"
    }

    /// Server calls CreateRoom and DeleteRoom.
    public var roomCreate: Bool?
    /// Server call ListRooms.
    public var roomList: Bool?
    /// Server calls of Egress.
    public var roomRecord: Bool?
    /// Server calls about one room, together with ``room``.
    public var roomAdmin: Bool?
    /// Entering the room named in ``room``.
    public var roomJoin: Bool?
    public var room: String?
    /// The room a participant may be forwarded or moved to.
    public var destinationRoom: String?

    public var canPublish: Bool?
    public var canSubscribe: Bool?
    public var canPublishData: Bool?
    /// When given, only these may be published, whatever ``canPublish`` says.
    public var canPublishSources: [TrackSource]?
    public var canUpdateOwnMetadata: Bool?
    public var canSubscribeMetrics: Bool?

    public var ingressAdmin: Bool?
    /// Not shown to the other participants.
    public var hidden: Bool?
    /// The participant records the room.
    public var recorder: Bool?
    public var agent: Bool?

    public init(
        roomCreate: Bool? = nil, roomList: Bool? = nil, roomRecord: Bool? = nil, roomAdmin: Bool? = nil,
        roomJoin: Bool? = nil, room: String? = nil, destinationRoom: String? = nil, canPublish: Bool? = nil,
        canSubscribe: Bool? = nil, canPublishData: Bool? = nil, canPublishSources: [TrackSource]? = nil,
        canUpdateOwnMetadata: Bool? = nil, canSubscribeMetrics: Bool? = nil, ingressAdmin: Bool? = nil,
        hidden: Bool? = nil, recorder: Bool? = nil, agent: Bool? = nil
    ) {
        self.roomCreate = roomCreate
        self.roomList = roomList
        self.roomRecord = roomRecord
        self.roomAdmin = roomAdmin
        self.roomJoin = roomJoin
        self.room = room
        self.destinationRoom = destinationRoom
        self.canPublish = canPublish
        self.canSubscribe = canSubscribe
        self.canPublishData = canPublishData
        self.canPublishSources = canPublishSources
        self.canUpdateOwnMetadata = canUpdateOwnMetadata
        self.canSubscribeMetrics = canSubscribeMetrics
        self.ingressAdmin = ingressAdmin
        self.hidden = hidden
        self.recorder = recorder
        self.agent = agent
    }

    /// The claim's value; names in the order of the alphabet.
    func write(to writer: inout JSONWriter) {
        writer.object { grants in
            grants.flag("agent", agent)
            grants.flag("canPublish", canPublish)
            grants.flag("canPublishData", canPublishData)
            if let canPublishSources {
                grants.name("canPublishSources")
                grants.array { sources in for source in canPublishSources { sources.write(source.rawValue) } }
            }
            grants.flag("canSubscribe", canSubscribe)
            grants.flag("canSubscribeMetrics", canSubscribeMetrics)
            grants.flag("canUpdateOwnMetadata", canUpdateOwnMetadata)
            grants.text("destinationRoom", destinationRoom)
            grants.flag("hidden", hidden)
            grants.flag("ingressAdmin", ingressAdmin)
            grants.flag("recorder", recorder)
            grants.text("room", room)
            grants.flag("roomAdmin", roomAdmin)
            grants.flag("roomCreate", roomCreate)
            grants.flag("roomJoin", roomJoin)
            grants.flag("roomList", roomList)
            grants.flag("roomRecord", roomRecord)
        }
    }
}

extension JSONWriter {
    /// A member, if there is a value.
    mutating func text(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        self.name(name)
        write(value)
    }

    fileprivate mutating func flag(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        self.name(name)
        write(value)
    }
}
