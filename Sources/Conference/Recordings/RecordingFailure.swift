/// Why a recording failed, in sentences for the hosts who asked for it.
enum RecordingFailure {
    static let stoppedEarly = "It was stopped before anything was recorded."
    static let noRoom = "Nobody was connected to the meeting, so there was nothing to record. Start it once someone is."
    static let notTakenUp = "The server didn't come to ask the recorder in time. Start another recording."
    static let noTrace = """
        The media server was asked to record, but it knows of no such recording. Start another one; if that fails too, the \
        administrator finds more in the logs of livekit-server.
        """
    static let noAnswer = """
        The media server didn't answer, so nobody knows whether anything was recorded. Start another recording once it is \
        back.
        """
    static let neverBegan = """
        The recorder took the work but recorded nothing for minutes. The administrator finds more in the logs of \
        livekit-egress.
        """
    static let neverEnded = """
        The recorder did not finish the file in time. The administrator finds more in the logs of livekit-egress.
        """
    static let noFile = "The recorder finished without a file: nothing was sent in the meeting while it ran."
    static let forgotten = """
        The media server no longer knows this recording, so whether its file is whole can't be told. It forgets them \
        when its Redis is emptied.
        """
    static let storageAway = """
        The recorder uploaded the file, but the object storage couldn't be reached to check it. Ask the administrator to \
        look for it in the bucket.
        """

    /// "no response from servers": nobody has taken the work.
    static func noRecorder(for kind: RecordingKind) -> String {
        """
        No recorder took the work: none is running, or none has \(kind.processors) free processors, which a recording of \
        kind \(kind.rawValue) needs. Stop another recording, choose a kind that needs less, or ask the administrator to \
        check livekit-egress.
        """
    }

    static func recorder(_ reason: String?) -> String {
        guard let reason, !Text.singleLine(reason).isEmpty else {
            return "The recorder failed without a reason. The administrator finds more in the logs of livekit-egress."
        }
        return "The recorder failed: \(Text.singleLine(reason).prefix(300))"
    }

    static func missing(_ size: Int) -> String {
        "The recorder says that it uploaded \(size) bytes, but the bucket has no such file. It may write to another bucket."
    }

    static func otherSize(_ size: Int, reported: Int) -> String {
        "The recorder says that it uploaded \(reported) bytes, but the file in the bucket has \(size)."
    }
}
