/// Sends away whoever is connected and has no business in the meeting: a token stays good after its owner was thrown out, and
/// LiveKit asks nobody when it is used again.
struct MediaDoorkeeper: Sendable {
    let store: any MediaStateStoring
    let server: any MediaServing

    /// Returns how many of these were there and had to go. Who can't be sent away now is found again at the next look.
    func sendAway(from meeting: MeetingID, among connected: [ParticipantID]) async throws -> Int {
        if connected.isEmpty { return 0 }
        var count = 0
        for id in try await store.unwelcome(in: meeting, among: connected)
        where try await server.remove(id, from: meeting) {
            count += 1
        }
        return count
    }
}
