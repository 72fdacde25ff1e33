import CMicrohttpd
import Platform

/// One open connection of a ``ServerLoop``. Used on its loop only.
final class Connection {
    let native: OpaquePointer
    let descriptor: Int32
    /// The other end; nil on a Unix socket.
    let peer: IPAddress?
    /// The other end as text; `unix` on a Unix socket.
    let peerText: String
    /// Whether the other end is a trusted proxy, whose word on the client's address is taken.
    let isTrusted: Bool
    /// Whether the connection counts for the limit of its address.
    var countsForAddress: Bool { peer != nil && !isTrusted }
    /// When the connection is cut off unless it gets further; pushed on with each step of an exchange.
    var deadline: MonotonicTime
    /// The exchange that is under way, from the request's first line to the answer's last byte.
    var exchange: Exchange?

    init(
        native: OpaquePointer, descriptor: Int32, peer: IPAddress?, isTrusted: Bool, deadline: MonotonicTime
    ) {
        self.native = native
        self.descriptor = descriptor
        self.peer = peer
        self.isTrusted = isTrusted
        peerText = peer?.description ?? "unix"
        self.deadline = deadline
    }
}
