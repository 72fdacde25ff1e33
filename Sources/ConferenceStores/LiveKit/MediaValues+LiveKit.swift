import Conference
import LiveKit

extension MediaRoom {
    init(_ room: RoomInfo) {
        self.init(
            sid: room.sid, name: room.name, createdAt: room.createdAt, metadata: room.metadata,
            participantCount: room.participantCount, isRecording: room.isRecording)
    }
}

extension MediaParticipant {
    init(_ participant: ParticipantInfo) {
        self.init(
            sid: participant.sid, identity: participant.identity, name: participant.name,
            state: State(rawValue: participant.state.lowercased()) ?? .joining, kind: Kind(rawValue: participant.kind),
            joinedAt: participant.joinedAt, metadata: participant.metadata, attributes: participant.attributes,
            grants: participant.permission.map(RoomGrants.init), tracks: participant.tracks.map(MediaTrack.init))
    }
}

extension MediaTrack {
    init(_ track: TrackInfo) {
        self.init(
            sid: track.sid, kind: Kind(rawValue: track.type.lowercased()) ?? .data,
            source: RoomGrants.Source(rawValue: track.source.lowercased()), name: track.name, isMuted: track.isMuted)
    }
}

extension RoomGrants {
    /// An empty list of sources means all of them.
    init(_ permission: ParticipantPermission) {
        let sources = (permission.canPublishSources ?? []).compactMap { Source(rawValue: $0.lowercased()) }
        self.init(
            canPublish: permission.canPublish ?? false, canSubscribe: permission.canSubscribe ?? false,
            canPublishData: permission.canPublishData ?? false,
            publishSources: sources.isEmpty ? Source.allCases : sources, roomAdmin: false)
    }
}

extension ParticipantPermission {
    /// No source at all can't be said in LiveKit's list, whose emptiness means all: then nothing may be published.
    init(_ grants: RoomGrants) {
        self.init(
            canSubscribe: grants.canSubscribe, canPublish: grants.canPublish && !grants.publishSources.isEmpty,
            canPublishData: grants.canPublishData,
            canPublishSources: grants.publishSources.map { $0.rawValue.uppercased() })
    }
}

extension MediaEgress {
    init(_ egress: EgressInfo) {
        let status = egress.status.hasPrefix("EGRESS_") ? egress.status.dropFirst(7).lowercased() : egress.status
        let reason = egress.error.isEmpty ? egress.details : egress.error
        self.init(
            id: egress.egressID, roomName: egress.roomName, status: Status(rawValue: status) ?? .unknown,
            startedAt: egress.startedAt, endedAt: egress.endedAt, updatedAt: egress.updatedAt,
            error: reason.isEmpty ? nil : reason,
            files: egress.files.map {
                File(name: $0.filename, size: $0.size, duration: $0.duration, location: $0.location)
            })
    }
}
