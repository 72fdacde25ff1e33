import CMicrohttpd
import Platform

/// One open connection of a ``ServerLoop``. Used on its loop only.
final class Connection {
    let native: OpaquePointer
    let descriptor: Int32
    /// The other end; nil on a Unix socket.
    let peer: IPAddress?
    /// Whether the connection counts for the limit of its address.
    let countsForAddress: Bool
    /// When the connection is cut off unless it gets further; pushed on with each step of an exchange.
    var deadline: MonotonicTime
    /// The exchange that is under way, from the request's first line to the answer's last byte.
    var exchange: Exchange?

    init(
        native: OpaquePointer, descriptor: Int32, peer: IPAddress?, countsForAddress: Bool,
        deadline: MonotonicTime
    ) {
        self.native = native
        self.descriptor = descriptor
        self.peer = peer
        self.countsForAddress = countsForAddress
        self.deadline = deadline
    }
}
