import CLinux
import Glibc
import Platform

/// Lets a client that is still sending read our last answer (RFC 9112, section 9.6): closing at once would reset the
/// connection and could destroy the answer on its way.
///
/// Holds a duplicate of the descriptor, sends our end of the stream, and drops what arrives until the client closes or
/// a limit is reached. Used on its loop only.
final class LingeringClose {
    private static let longest: Duration = .seconds(2)
    private static let mostBytes = 16 * 1024 * 1024

    private let loop: EventLoop
    private let descriptor: Int32
    private var remaining = LingeringClose.mostBytes
    private var timer: LoopTimer?

    /// - Returns: nil when no descriptor is left; then the connection is closed the hard way.
    init?(of descriptor: Int32, on loop: EventLoop) {
        let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { return nil }
        self.loop = loop
        self.descriptor = duplicate
    }

    /// Begins once libmicrohttpd has sent the answer and lets go of the connection.
    func begin() {
        shutdown(descriptor, Int32(SHUT_WR))
        timer = loop.schedule(after: LingeringClose.longest) { [self] in finish() }
        do {
            try loop.watch(descriptor, for: [.read, .peerClosed]) { [self] _ in drain() }
        } catch {
            finish()
        }
    }

    private func drain() {
        let bytesRead = withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 1) { buffer in
            read(descriptor, buffer.baseAddress, buffer.count)
        }
        if bytesRead < 0, errno == EAGAIN || errno == EINTR { return }
        remaining -= max(bytesRead, 0)
        if bytesRead <= 0 || remaining <= 0 { finish() }
    }

    private func finish() {
        guard let timer else { return }
        timer.cancel()
        self.timer = nil
        loop.unwatch(descriptor)
        close(descriptor)
    }
}
