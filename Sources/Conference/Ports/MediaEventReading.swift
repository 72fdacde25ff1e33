/// Reads what claims to come from the media server.
public protocol MediaEventReading: Sendable {
    /// - Parameters:
    ///   - authorization: the header field as it came.
    ///   - content: exactly as it came.
    func read(authorization: String?, content: [UInt8]) throws(MediaEventRefusal) -> MediaEvent
}

/// Why something is not taken for the media server's event. The reason is for whoever sets both up; it repeats nothing of
/// what was sent.
public enum MediaEventRefusal: Error, Hashable, Sendable {
    /// It isn't signed as the media server signs.
    case unverified(reason: String)
    /// It is signed, but is no event that can be kept.
    case unreadable(reason: String)
}
