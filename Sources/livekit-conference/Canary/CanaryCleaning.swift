import Conference
import ConferenceAPI
import ConferenceStores
import FoundationEssentials

/// Takes away what a canary has made: the recording with its object, the room, the meeting.
struct CanaryCleaning: Sendable {
    let parts: CanaryParts
    let patience: Duration
    let meeting: Meeting?
    let recording: RecordingID?

    /// Does what can be done, then throws what could not.
    func run() async throws -> (String, Void) {
        guard let meeting, let owner = try await parts.records.owner() else { return ("", ()) }
        // With the meeting would go what tells where its object lies.
        if let recording { try await remove(recording, of: meeting, owner) }
        let controls = parts.live.services.controls
        var obstacle: (any Error)?
        do {
            _ = try await controls.end(meeting.id, by: MeetingCaller(principal: owner, claim: nil))
        } catch {
            obstacle = error
        }
        try await controls.delete(meeting.id, by: owner)
        if let obstacle { throw obstacle }
        return (recording == nil ? "room and meeting deleted" : "recording, room and meeting deleted", ())
    }

    private func remove(_ id: RecordingID, of meeting: Meeting, _ owner: Principal) async throws {
        let caller = MeetingCaller(principal: owner, claim: nil)
        _ = try await parts.recordings.stop(id, in: meeting.id, by: caller)
        let left = "recording \(id) of meeting \(meeting.id) is left behind"
        let unfinished = "\(left): it didn't end within \(patience)"
        _ = try await CanaryParts.wait(atMost: patience, orFail: unfinished) { () -> Bool? in
            let state = try await parts.recordings.recording(id, by: owner).state
            return state == .ready || state == .failed ? true : nil
        }
        try await parts.recordings.delete(id, by: owner)
        let undeleted = "\(left): it was not deleted within \(patience)"
        _ = try await CanaryParts.wait(atMost: patience, orFail: undeleted) { () -> Bool? in
            do {
                _ = try await parts.recordings.recording(id, by: owner)
                return nil
            } catch ConferenceError.notFound(.recording) {
                return true
            }
        }
    }
}
