import FoundationEssentials

/// What is to be done next, and when: functions of the recording and the time.
extension RecordingStateMachine {
    public enum Action: Hashable, Sendable {
        /// Ask the recorder to begin. `isRepeated`: look first whether an earlier attempt has begun after all.
        case start(MediaRecordingRequest, isRepeated: Bool)
        /// Look among the meeting's recordings for the one with our object's key.
        case find
        /// Ask for the recorder's status.
        case look(egressID: String)
        /// Ask the recorder to stop; asking again does no harm and tells its status.
        case stop(egressID: String)
        /// Look into the bucket.
        case inspect
        /// Delete the object, then the recording.
        case remove
    }

    public func action(at now: Date) -> Action? {
        switch recording.state {
        case .requested: .start(request, isRepeated: recording.startAttempts > 0)
        case .starting, .active: recording.egressID.map { .look(egressID: $0) } ?? .find
        case .ending: recording.egressID.map { .stop(egressID: $0) }
        case .uploaded: .inspect
        case .ready: nil
        case .failed: stray(now).map { .stop(egressID: $0) }
        case .deleting: stray(now).map { .stop(egressID: $0) } ?? .remove
        }
    }

    /// Plans the next look after the keeper has done what it could.
    public mutating func reschedule(at now: Date) { setCheck(nextCheck(now)) }

    /// Calls the keeper at once where something is to be done.
    public mutating func callKeeper(at now: Date) {
        if case .look = action(at: now) { return reschedule(at: now) }
        setCheck(action(at: now) == nil ? nextCheck(now) : now)
    }

    private func nextCheck(_ now: Date) -> Date? {
        switch recording.state {
        case .requested: recording.startAttempts == 0 ? now : now + limits.startPause
        case .starting where recording.egressID == nil:
            max(recording.stateSince + limits.startAnswer, now + .seconds(3))
        case .starting: now + pause(now, upTo: 5)
        case .active: now + .seconds(30)
        case .ending: now + pause(now, upTo: 10)
        case .uploaded: now + pause(now, upTo: 60)
        case .ready: recording.deleteAfter
        case .failed: stray(now) == nil ? recording.deleteAfter : now + pause(now, upTo: 30)
        case .deleting: now + pause(now, upTo: 300)
        }
    }

    /// Half as long as it has been so already: often at first, rarely later.
    private func pause(_ now: Date, upTo seconds: Double) -> Duration {
        .seconds(min(max(age(now).seconds / 2, 0.2), seconds))
    }

    /// The recorder's name of what it still records though nobody wants it.
    private func stray(_ now: Date) -> String? {
        guard recording.egressStatus?.isFinal != true, age(now) < limits.cleanup else { return nil }
        return recording.egressID
    }

    private var request: MediaRecordingRequest {
        let subject: MediaRecordingRequest.Subject =
            switch (recording.kind, recording.participantID) {
            case (.participant, let id?): .participant(id)
            case (.composite, _), (.participant, nil): .composite(layout: "grid")
            case (.audio, _): .audio
            }
        return MediaRecordingRequest(
            meetingID: recording.meetingID, subject: subject, objectKey: recording.objectKey)
    }
}
