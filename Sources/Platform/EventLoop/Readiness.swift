import CLinux

/// What a descriptor is, or shall be, ready for: the event bits of epoll_ctl(2).
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let read = Readiness(rawValue: EPOLLIN.rawValue)
    public static let write = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The peer closed its end or will send no more.
    public static let peerClosed = Readiness(rawValue: EPOLLRDHUP.rawValue)
    /// Reported without being asked for.
    public static let error = Readiness(rawValue: EPOLLERR.rawValue)
    /// Reported without being asked for.
    public static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue)
}
