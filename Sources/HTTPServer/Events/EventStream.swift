import Platform

/// The content of an answer that stays open while events are written to it, such as server-sent events (WHATWG HTML,
/// section 9.2).
///
/// libmicrohttpd walks all connections that wait whenever one goes on, so thousands of silent listeners would slow down
/// everyone. The server therefore takes the connection from it and writes head and events itself: a listener costs one
/// descriptor and a few hundred bytes.
public final class EventStream: Sendable {
    /// Written when nothing else was for a while, so that proxies keep the connection and dead peers are noticed.
    public let heartbeat: [UInt8]
    /// Written at the end, when the server stops or ``longestLife`` is over, as the client should come back.
    public let farewell: [UInt8]
    /// When it is over the stream ends, so that whoever listens must show anew that they may.
    public let longestLife: Duration
    /// The one of the server's loops that writes it; nil for the one that has the connection. Connections come to the loops
    /// unevenly, and an event is with everyone only when the loop with the most listeners has written it.
    let loop: EventLoop?
    /// Called on the connection's loop once the head is written: from now on events can be.
    let opened: @Sendable (EventConnection) -> Void
    private let state = Lock(State())

    private struct State {
        var observers: [@Sendable (EventStreamEnd) -> Void] = []
        var isEnded = false
    }

    public init(
        heartbeat: [UInt8], farewell: [UInt8], longestLife: Duration, on loop: EventLoop? = nil,
        opened: @escaping @Sendable (EventConnection) -> Void
    ) {
        self.heartbeat = heartbeat
        self.farewell = farewell
        self.longestLife = longestLife
        self.loop = loop
        self.opened = opened
    }

    deinit { end(EventStreamEnd(reason: .neverOpened, events: 0, bytes: 0)) }

    /// Adds someone who hears of the end, exactly once, also if the answer never reached its client.
    public func onEnd(_ observer: @escaping @Sendable (EventStreamEnd) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    func end(_ end: EventStreamEnd) {
        let observers = state.withLock { state in
            defer { state = State(isEnded: true) }
            return state.isEnded ? [] : state.observers
        }
        for observer in observers { observer(end) }
    }
}

/// How an event stream ended.
public struct EventStreamEnd: Hashable, Sendable {
    public enum Reason: String, Sendable {
        case clientLeft = "client left"
        /// Events came faster than the client took them.
        case tooSlow = "too slow"
        /// Whoever writes the events ended it.
        case finished
        /// Its longest life was over.
        case expired
        case serverStopped = "server stopped"
        /// The client left before the answer, or it was no GET.
        case neverOpened = "never opened"
    }

    public let reason: Reason
    /// Pieces that were written or queued, heartbeats not among them.
    public let events: Int
    /// Bytes that the socket took, the head among them.
    public let bytes: Int
}
