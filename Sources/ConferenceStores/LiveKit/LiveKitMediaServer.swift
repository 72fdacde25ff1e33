import Conference
import LiveKit

/// Rooms and participants on a LiveKit server.
public struct LiveKitMediaServer: MediaServing {
    private let api: LiveKitAPI

    public init(_ api: LiveKitAPI) {
        self.api = api
    }

    @discardableResult
    public func createRoom(for meeting: MeetingID, options: MediaRoomOptions) async throws -> MediaRoom {
        let request = CreateRoomRequest(
            name: meeting.description, emptyTimeout: Int(options.emptyTimeout.components.seconds),
            departureTimeout: Int(options.departureTimeout.components.seconds),
            maxParticipants: options.maximumParticipants, metadata: options.metadata)
        return try await LiveKitErrors.mapped { MediaRoom(try await api.createRoom(request)) }
    }

    public func rooms() async throws -> [MediaRoom] {
        try await LiveKitErrors.mapped { try await api.listRooms().map(MediaRoom.init) }
    }

    public func room(of meeting: MeetingID) async throws -> MediaRoom? {
        try await LiveKitErrors.mapped {
            try await api.listRooms(names: [meeting.description]).first.map(MediaRoom.init)
        }
    }

    @discardableResult
    public func deleteRoom(named name: String) async throws -> Bool {
        try await LiveKitErrors.unlessMissing { try await api.deleteRoom(name) } != nil
    }

    public func setMetadata(_ metadata: String, ofRoom meeting: MeetingID) async throws {
        _ = try await LiveKitErrors.mapped {
            try await api.updateRoomMetadata(room: meeting.description, metadata: metadata)
        }
    }

    public func participants(in meeting: MeetingID) async throws -> [MediaParticipant] {
        try await LiveKitErrors.mapped {
            try await api.listParticipants(room: meeting.description).map(MediaParticipant.init)
        }
    }

    public func participant(_ id: ParticipantID, in meeting: MeetingID) async throws -> MediaParticipant? {
        try await LiveKitErrors.unlessMissing {
            MediaParticipant(try await api.getParticipant(room: meeting.description, identity: id.description))
        }
    }

    @discardableResult
    public func remove(_ id: ParticipantID, from meeting: MeetingID) async throws -> Bool {
        try await LiveKitErrors.unlessMissing {
            try await api.removeParticipant(room: meeting.description, identity: id.description)
        } != nil
    }

    @discardableResult
    public func muteTrack(_ sid: String, of id: ParticipantID, in meeting: MeetingID) async throws -> Bool {
        let track = try await LiveKitErrors.unlessMissing {
            try await api.mutePublishedTrack(
                room: meeting.description, identity: id.description, trackSID: sid, muted: true)
        }
        return track.flatMap { $0 } != nil
    }

    @discardableResult
    public func update(
        _ id: ParticipantID, in meeting: MeetingID, with update: MediaParticipantUpdate
    ) async throws -> MediaParticipant {
        try await LiveKitErrors.mapped(missing: .participant) {
            MediaParticipant(
                try await api.updateParticipant(
                    room: meeting.description, identity: id.description, name: update.name, metadata: update.metadata,
                    attributes: update.attributes, permission: update.grants.map(ParticipantPermission.init)))
        }
    }

    public func send(
        _ message: [UInt8], topic: String, to recipients: [ParticipantID]?, in meeting: MeetingID
    ) async throws {
        // To the server an empty list means everyone.
        if let recipients, recipients.isEmpty { return }
        try await LiveKitErrors.mapped {
            try await api.sendData(
                room: meeting.description, data: message, topic: topic, to: recipients?.map(\.description))
        }
    }
}
