import CLinux
import Glibc
import Platform

/// The connection of one ``EventStream``.
///
/// `@unchecked Sendable`: used on its loop only; the constants aside, elsewhere it is merely passed on.
public final class EventConnection: @unchecked Sendable {
    /// Unsent bytes beyond which a reader counts as too slow.
    static let backlogLimit = 64 * 1024

    public let loop: EventLoop
    let peer: IPAddress?
    private let descriptor: Int32
    private let stream: EventStream
    private let expiresAt: MonotonicTime
    private let ended: (EventConnection) -> Void
    private var unsent: [UInt8] = []
    private var isOpen = true
    /// Set when the stream ends as soon as everything is sent.
    private var endReason: EventStreamEnd.Reason?
    /// Whether something was written since the last tick.
    private var isLively = true
    /// Whether the client took something since the last tick.
    private var hasProgressed = true
    private var events = 0
    private var bytes = 0

    /// Owns the descriptor from here on; it is closed if that fails.
    ///
    /// - Parameters:
    ///   - peer: whose connection this counts as.
    ///   - ended: called on the loop when the descriptor is closed.
    init(
        owning descriptor: Int32, of peer: IPAddress?, for stream: EventStream, on loop: EventLoop,
        ended: @escaping (EventConnection) -> Void
    ) throws(SystemError) {
        self.loop = loop
        self.peer = peer
        self.descriptor = descriptor
        self.stream = stream
        self.ended = ended
        expiresAt = MonotonicTime.now.advanced(by: stream.longestLife)
        tune()
        do throws(SystemError) {
            try loop.watch(descriptor, for: .peerClosed) { [unowned self] readiness in ready(readiness) }
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Events go out at once; what a slow reader makes the kernel hold is bounded; a peer that vanished is given up.
    /// A Unix socket refuses the options of TCP, and needs none of them.
    private func tune() {
        set(Int32(IPPROTO_TCP), TCP_CORK, 0)
        set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        set(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 30_000)
        set(SOL_SOCKET, SO_SNDBUF, 32 * 1024)
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    // MARK: Writing

    /// Writes one event, whole. Bytes that the client doesn't take at once are queued; with too many of them it is dropped.
    public func write(_ event: [UInt8]) {
        loop.preconditionInLoop()
        guard isOpen, endReason == nil else { return }
        events += 1
        send(event)
    }

    /// Ends the stream once everything is sent.
    ///
    /// - Parameter last: written before.
    public func finish(_ last: [UInt8] = []) { finish(last, .finished) }

    func finish(_ last: [UInt8], _ reason: EventStreamEnd.Reason) {
        loop.preconditionInLoop()
        guard isOpen, endReason == nil else { return }
        if !last.isEmpty { write(last) }
        guard isOpen else { return }
        endReason = reason
        if unsent.isEmpty { end(reason) }
    }

    func send(_ piece: [UInt8]) {
        isLively = true
        guard unsent.isEmpty else { return queue(piece[...]) }
        let count = Glibc.send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        if count < 0, errno != EAGAIN, errno != EINTR { return end(.clientLeft) }
        bytes += max(count, 0)
        guard max(count, 0) < piece.count else { return }
        hasProgressed = true
        queue(piece.dropFirst(max(count, 0)))
        watch(for: [.write, .peerClosed])
    }

    private func queue(_ rest: ArraySlice<UInt8>) {
        guard unsent.count + rest.count <= Self.backlogLimit else { return end(.tooSlow) }
        unsent += rest
    }

    private func flush() {
        let count = Glibc.send(descriptor, unsent, unsent.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        if count < 0, errno != EAGAIN, errno != EINTR { return end(.clientLeft) }
        guard count > 0 else { return }
        bytes += count
        hasProgressed = true
        unsent.removeFirst(count)
        guard unsent.isEmpty else { return }
        unsent = []
        if let endReason { return end(endReason) }
        watch(for: .peerClosed)
    }

    private func watch(for interest: Readiness) {
        guard isOpen else { return }
        do {
            try loop.rewatch(descriptor, for: interest)
        } catch {
            end(.clientLeft)
        }
    }

    // MARK: Ends

    private func ready(_ readiness: Readiness) {
        if !readiness.isDisjoint(with: [.peerClosed, .hangUp, .error]) { return end(endReason ?? .clientLeft) }
        if readiness.contains(.write), !unsent.isEmpty { flush() }
    }

    /// Called every heartbeat's time.
    func tick(now: MonotonicTime) {
        guard unsent.isEmpty else {
            if !hasProgressed { return end(endReason ?? .tooSlow) }
            hasProgressed = false
            return
        }
        if now >= expiresAt { return finish(stream.farewell, .expired) }
        if !isLively { send(stream.heartbeat) }
        isLively = false
    }

    /// The server stops.
    func sayFarewell() { finish(stream.farewell, .serverStopped) }

    func end(_ reason: EventStreamEnd.Reason) {
        guard isOpen else { return }
        isOpen = false
        unsent = []
        loop.unwatch(descriptor)
        close(descriptor)
        ended(self)
        stream.end(EventStreamEnd(reason: reason, events: events, bytes: bytes))
    }
}
