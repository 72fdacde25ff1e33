import Platform

/// The event streams of one ``ServerLoop``. Heartbeats go round in slots, so that they never come all at once.
///
/// Confined to its loop.
final class EventConnections {
    private let limiter: ConnectionLimiter
    private var slots: [[ObjectIdentifier: EventConnection]]
    private var hand = 0
    private var nextSlot = 0

    /// - Parameters:
    ///   - heartbeat: the time between two ticks of one connection.
    ///   - tick: the time between two calls of ``tick(now:)``.
    init(limiter: ConnectionLimiter, heartbeat: Duration, tick: Duration) {
        self.limiter = limiter
        slots = Array(repeating: [:], count: max(1, Int(heartbeat / tick)))
    }

    var isEmpty: Bool { slots.allSatisfy(\.isEmpty) }

    /// Takes a connection over, which the limiter has counted, and writes the answer's head.
    ///
    /// - Parameter descriptor: is this one's from here on.
    /// - Throws: ``SystemError`` when it can't be watched; then it is closed.
    func open(
        _ stream: EventStream, head: [UInt8], descriptor: Int32, peer: IPAddress?, on loop: EventLoop
    ) throws(SystemError) {
        let slot = nextSlot
        nextSlot = (nextSlot + 1) % slots.count
        let connection = try EventConnection(owning: descriptor, of: peer, for: stream, on: loop) {
            [unowned self] connection in
            slots[slot][ObjectIdentifier(connection)] = nil
            limiter.closed(connection.peer)
        }
        slots[slot][ObjectIdentifier(connection)] = connection
        connection.send(head)
        stream.opened(connection)
    }

    func tick(now: MonotonicTime) {
        hand = (hand + 1) % slots.count
        for connection in slots[hand].values { connection.tick(now: now) }
    }

    /// Asks all clients to come back later.
    func sayFarewell() {
        for connection in all { connection.sayFarewell() }
    }

    func endAll() {
        for connection in all { connection.end(.serverStopped) }
    }

    private var all: [EventConnection] { slots.flatMap(\.values) }
}
