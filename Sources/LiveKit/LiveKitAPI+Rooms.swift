import FoundationEssentials

/// `livekit.RoomService`.
extension LiveKitAPI {
    /// A room of that name that is there already is returned as it is.
    public func createRoom(_ request: CreateRoomRequest) async throws -> RoomInfo {
        try await twirp.perform(
            .init(method: "RoomService/CreateRoom", grants: VideoGrants(roomCreate: true)), request)
    }

    /// - Parameter names: nil for every room.
    public func listRooms(names: [String]? = nil) async throws -> [RoomInfo] {
        let list = try await twirp.perform(
            .init(method: "RoomService/ListRooms", grants: VideoGrants(roomList: true)), ["names": names ?? []],
            as: RoomList.self)
        return list.rooms ?? []
    }

    public func deleteRoom(_ room: String) async throws {
        _ = try await twirp.perform(
            .init(method: "RoomService/DeleteRoom", grants: VideoGrants(roomCreate: true)), ["room": room],
            as: Nothing.self)
    }

    /// Empty too when there is no such room.
    public func listParticipants(room: String) async throws -> [ParticipantInfo] {
        let list = try await twirp.perform(
            .init(method: "RoomService/ListParticipants", grants: .administering(room), timeout: .seconds(10)),
            ["room": room], as: ParticipantList.self)
        return list.participants ?? []
    }

    public func getParticipant(room: String, identity: String) async throws -> ParticipantInfo {
        try await twirp.perform(
            .init(method: "RoomService/GetParticipant", grants: .administering(room)),
            ["room": room, "identity": identity])
    }

    public func removeParticipant(room: String, identity: String) async throws {
        _ = try await twirp.perform(
            .init(method: "RoomService/RemoveParticipant", grants: .administering(room)),
            ["room": room, "identity": identity], as: Nothing.self)
    }

    /// The track as it is now; nil when the participant has none of that sid. Unmuting is mostly refused:
    /// ``TwirpCode/failedPrecondition``.
    public func mutePublishedTrack(
        room: String, identity: String, trackSID: String, muted: Bool
    ) async throws -> TrackInfo? {
        struct Request: Encodable {
            let room: String
            let identity: String
            let trackSid: String
            let muted: Bool
        }
        struct Answer: Decodable { let track: TrackInfo? }
        return try await twirp.perform(
            .init(method: "RoomService/MutePublishedTrack", grants: .administering(room)),
            Request(room: room, identity: identity, trackSid: trackSID, muted: muted), as: Answer.self
        ).track
    }

    /// What is nil stays as it is. ``ParticipantPermission`` replaces all of the old one; attributes are merged, an empty
    /// value removes one.
    public func updateParticipant(
        room: String, identity: String, name: String? = nil, metadata: String? = nil,
        attributes: [String: String] = [:], permission: ParticipantPermission? = nil
    ) async throws -> ParticipantInfo {
        struct Request: Encodable {
            let room: String
            let identity: String
            let name: String?
            let metadata: String?
            let attributes: [String: String]?
            let permission: ParticipantPermission?
        }
        return try await twirp.perform(
            .init(method: "RoomService/UpdateParticipant", grants: .administering(room)),
            Request(
                room: room, identity: identity, name: name, metadata: metadata,
                attributes: attributes.isEmpty ? nil : attributes, permission: permission))
    }

    public func updateRoomMetadata(room: String, metadata: String) async throws -> RoomInfo {
        try await twirp.perform(
            .init(method: "RoomService/UpdateRoomMetadata", grants: .administering(room)),
            ["room": room, "metadata": metadata])
    }

    /// Sends a message, reliably and in order. Not repeated by itself, since it might arrive twice.
    ///
    /// - Parameter identities: nil for everyone in the room.
    public func sendData(room: String, data: [UInt8], topic: String, to identities: [String]? = nil) async throws {
        struct Request: Encodable {
            let room: String
            let data: Data
            let kind = "RELIABLE"
            let topic: String
            let destinationIdentities: [String]?
        }
        _ = try await twirp.perform(
            .init(method: "RoomService/SendData", grants: .administering(room), isRepeatable: false),
            Request(room: room, data: Data(data), topic: topic, destinationIdentities: identities), as: Nothing.self)
    }
}

extension VideoGrants {
    fileprivate static func administering(_ room: String) -> VideoGrants { VideoGrants(roomAdmin: true, room: room) }
}
