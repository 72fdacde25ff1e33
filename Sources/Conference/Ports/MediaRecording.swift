/// The media server's recorder. Where the files go is its own configuration: the caller names the object's key.
///
/// Every function may throw `ConferenceError.unavailable`: service `media server` when it doesn't answer, `recorder` when no
/// recorder takes the work (none is running, or none has the processors for it).
public protocol MediaRecording: Sendable {
    /// Begins to record; the answer is mostly `starting`. Not repeated by itself when it fails: nobody knows then whether
    /// a recorder has begun, so look into ``recordings(in:)`` for the object's key first.
    ///
    /// Throws `notFound(.meeting)` when there is no room.
    func startRecording(_ request: MediaRecordingRequest) async throws -> MediaEgress
    /// Asks to end it, upload included; the answer is mostly `ending`. What has ended already is returned as it is; nil
    /// when the media server knows no such recording (any more).
    func stopRecording(_ egressID: String) async throws -> MediaEgress?
    /// Nil when the media server knows no such recording (any more).
    func recording(_ egressID: String) async throws -> MediaEgress?
    /// Those of a meeting, or all; those that have ended are kept for a while by the media server.
    func recordings(in meeting: MeetingID?) async throws -> [MediaEgress]
}
