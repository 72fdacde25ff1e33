/// `livekit.Egress`, with the methods that every server since 1.5 has.
///
/// A start is not repeated by itself: after a broken connection nobody knows whether a recorder has begun.
extension LiveKitAPI {
    public func startRoomCompositeEgress(_ request: RoomCompositeEgressRequest) async throws -> EgressInfo {
        try await start("StartRoomCompositeEgress", request)
    }

    public func startParticipantEgress(_ request: ParticipantEgressRequest) async throws -> EgressInfo {
        try await start("StartParticipantEgress", request)
    }

    public func startTrackEgress(_ request: TrackEgressRequest) async throws -> EgressInfo {
        try await start("StartTrackEgress", request)
    }

    /// - Throws: of code ``TwirpCode/failedPrecondition`` when it has ended already.
    public func stopEgress(_ egressID: String) async throws -> EgressInfo {
        try await twirp.perform(
            .init(method: "Egress/StopEgress", grants: VideoGrants(roomRecord: true), timeout: .seconds(10)),
            ["egressId": egressID])
    }

    /// - Parameters:
    ///   - room: nil for those of every room.
    ///   - egressID: nil for all.
    public func listEgress(room: String? = nil, egressID: String? = nil) async throws -> [EgressInfo] {
        struct Request: Encodable {
            let roomName: String?
            let egressId: String?
        }
        let list = try await twirp.perform(
            .init(method: "Egress/ListEgress", grants: VideoGrants(roomRecord: true), timeout: .seconds(10)),
            Request(roomName: room, egressId: egressID), as: EgressList.self)
        return list.items ?? []
    }

    /// The server asks every recorder before it answers, so this takes longer than other calls.
    private func start(_ method: String, _ request: some Encodable & Sendable) async throws -> EgressInfo {
        try await twirp.perform(
            .init(
                method: "Egress/\(method)", grants: VideoGrants(roomRecord: true), isRepeatable: false,
                timeout: .seconds(20)),
            request)
    }
}
