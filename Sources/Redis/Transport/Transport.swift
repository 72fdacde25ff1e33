import CLinux
import Glibc
import Platform

/// What one non-blocking read or write did.
enum TransferOutcome {
    case bytes(Int)
    case wantsRead
    case wantsWrite
    case closed
    case failed(String)
}

/// A non-blocking socket, plain or with TLS. Owns the descriptor. Confined to the connection that owns it.
final class Transport {
    let descriptor: Int32
    private(set) var tls: TLSSession?

    /// Begins to connect; the socket becomes writable when that is decided, see ``connectionError()``.
    init(connectingTo address: SocketAddress) throws(SystemError) {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        if address.family != AF_UNIX {
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        let descriptor = descriptor
        let status = address.withPointer { Glibc.connect(descriptor, $0, $1) }
        if status != 0, errno != EINPROGRESS, errno != EINTR {
            // deinit closes the descriptor.
            throw SystemError("connect")
        }
    }

    deinit {
        tls = nil
        close(descriptor)
    }

    /// How connecting ended: nil when it succeeded.
    func connectionError() -> SystemError? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
            return SystemError("getsockopt")
        }
        return code == 0 ? nil : SystemError("connect", code: code)
    }

    func secure(with context: TLSContext, host: String) throws(RedisError) {
        tls = try TLSSession(context, socket: descriptor, host: host)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> TransferOutcome {
        if let tls { return tls.read(into: buffer) }
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .closed }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wantsRead
            default: return .failed(SystemError("recv").description)
            }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> TransferOutcome {
        if let tls { return tls.write(bytes) }
        while true {
            let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wantsWrite
            default: return .failed(SystemError("send").description)
            }
        }
    }
}
