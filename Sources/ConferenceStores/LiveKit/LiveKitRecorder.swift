import Conference
import LiveKit

/// LiveKit's egress, writing into the bucket of its own configuration: so its key travels in no request, which the media
/// server would keep in Redis.
public struct LiveKitRecorder: MediaRecording {
    private let api: LiveKitAPI
    private let pageURL: String?

    /// - Parameter pageURL: a page that is filmed in place of the recorder's own layouts.
    public init(_ api: LiveKitAPI, pageURL: String? = nil) {
        self.api = api
        self.pageURL = pageURL
    }

    public func startRecording(_ request: MediaRecordingRequest) async throws -> MediaEgress {
        let room = request.meetingID.description
        let file = EncodedFileOutput(filepath: request.objectKey)
        return try await recorderMapped {
            switch request.subject {
            case .composite(let layout):
                try await api.startRoomCompositeEgress(
                    RoomCompositeEgressRequest(roomName: room, layout: layout, customBaseURL: pageURL, file: file))
            case .audio:
                try await api.startRoomCompositeEgress(
                    RoomCompositeEgressRequest(roomName: room, audioOnly: true, file: file))
            case .participant(let id, let screenShare):
                try await api.startParticipantEgress(
                    ParticipantEgressRequest(
                        roomName: room, identity: id.description, screenShare: screenShare ? true : nil, file: file))
            case .track(let sid):
                try await api.startTrackEgress(
                    TrackEgressRequest(
                        roomName: room, trackSID: sid,
                        file: DirectFileOutput(filepath: request.objectKey)))
            }
        }
    }

    public func stopRecording(_ egressID: String) async throws -> MediaEgress? {
        do {
            return MediaEgress(try await api.stopEgress(egressID))
        } catch let error as LiveKitAPIError where error.isNotFound || error.twirpCode == .failedPrecondition {
            return try await recording(egressID)
        } catch let error as LiveKitAPIError {
            throw LiveKitRecorder.unavailable(error)
        }
    }

    public func recording(_ egressID: String) async throws -> MediaEgress? {
        do {
            return try await api.listEgress(egressID: egressID).first { $0.egressID == egressID }.map(MediaEgress.init)
        } catch let error as LiveKitAPIError where error.isNotFound {
            return nil
        } catch let error as LiveKitAPIError {
            throw LiveKitRecorder.unavailable(error)
        }
    }

    public func recordings(in meeting: MeetingID?) async throws -> [MediaEgress] {
        do {
            return try await api.listEgress(room: meeting?.description).map(MediaEgress.init)
        } catch let error as LiveKitAPIError {
            throw LiveKitRecorder.unavailable(error)
        }
    }

    private func recorderMapped(_ body: () async throws -> EgressInfo) async throws -> MediaEgress {
        do {
            return MediaEgress(try await body())
        } catch let error as LiveKitAPIError {
            throw error.isNotFound ? ConferenceError.notFound(.meeting) : LiveKitRecorder.unavailable(error)
        }
    }

    /// The server answered, so it is the recorder that is missing: no process has taken the work, or the server has no
    /// Redis through which to find one.
    private static func unavailable(_ error: LiveKitAPIError) -> ConferenceError {
        let refusedWork: [TwirpCode] = [.unavailable, .internalError, .resourceExhausted, .deadlineExceeded, .unknown]
        let isRecorder = error.twirpCode.map(refusedWork.contains) ?? false
        return .unavailable(
            service: isRecorder ? LiveKitErrors.recorder : LiveKitErrors.server, cause: "\(error)")
    }
}
