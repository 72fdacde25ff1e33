import CLinux
import Glibc
import Platform

/// A socket that takes connections; closed, and its path removed where it made one, by ``close()``.
public struct ListeningSocket: Sendable {
    public let descriptor: Int32
    /// Where it listens, with the port that the kernel chose.
    public let address: ListenAddress
    private let ownsPath: Bool

    /// Makes a listening socket. A Unix socket gets mode 0666: who may pass is up to its directory.
    ///
    /// - Throws: ``SystemError`` of the call that failed, `bind` for an address in use.
    public init(_ address: ListenAddress) throws(SystemError) {
        switch address {
        case .tcp(let host, let port):
            descriptor = try ListeningSocket.listen(host: host, port: port)
            self.address = .tcp(host: host, port: ListeningSocket.port(of: descriptor) ?? port)
            ownsPath = false
        case .unix(let path):
            descriptor = try ListeningSocket.listen(path: path)
            self.address = address
            ownsPath = true
        }
    }

    /// Takes over a socket that listens already, such as one from socket activation (sd_listen_fds(3)).
    public init(inherited descriptor: Int32) throws(SystemError) {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else {
            throw SystemError("fcntl")
        }
        self.descriptor = descriptor
        address = ListeningSocket.name(of: descriptor)
        ownsPath = false
    }

    public func close() {
        Glibc.close(descriptor)
        if ownsPath, case .unix(let path) = address { unlink(path) }
    }

    private static let type = Int32(
        SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    private static func listen(host: String, port: UInt16) throws(SystemError) -> Int32 {
        guard let ip = IPAddress(host) else { throw SystemError("inet_pton", code: EINVAL) }
        let socket = socket(host.contains(":") ? AF_INET6 : AF_INET, type, 0)
        guard socket >= 0 else { throw SystemError("socket") }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        let status: Int32
        if host.contains(":") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            inet_pton(AF_INET6, host, &address.sin6_addr)
            status = withSocketAddress(&address) { bind(socket, $0, $1) }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: ip.bytes) }
            status = withSocketAddress(&address) { bind(socket, $0, $1) }
        }
        return try listen(socket, bound: status)
    }

    private static func listen(path: String) throws(SystemError) -> Int32 {
        let socket = socket(AF_UNIX, type, 0)
        guard socket >= 0 else { throw SystemError("socket") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        removeStaleSocket(path, address: &address)
        var status = withSocketAddress(&address) { bind(socket, $0, $1) }
        if status == 0 { status = chmod(path, 0o666) }
        return try listen(socket, bound: status)
    }

    private static func listen(_ socket: Int32, bound status: Int32) throws(SystemError) -> Int32 {
        guard status == 0 else {
            let error = SystemError("bind")
            Glibc.close(socket)
            throw error
        }
        guard Glibc.listen(socket, 4096) == 0 else {
            let error = SystemError("listen")
            Glibc.close(socket)
            throw error
        }
        return socket
    }

    /// A path left by a process that is gone is removed; one that answers stays, so that binding fails.
    private static func removeStaleSocket(_ path: String, address: inout sockaddr_un) {
        let probe = socket(AF_UNIX, type, 0)
        guard probe >= 0 else { return }
        defer { Glibc.close(probe) }
        let status = withSocketAddress(&address) { connect(probe, $0, $1) }
        if status != 0, errno == ECONNREFUSED { unlink(path) }
    }

    private static func withSocketAddress<Address, Result>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    private static func port(of descriptor: Int32) -> UInt16? {
        if case .tcp(_, let port) = name(of: descriptor) { port } else { nil }
    }

    private static func name(of descriptor: Int32) -> ListenAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { return .unix(path: "") }
        return withUnsafePointer(to: &storage) { pointer in
            let raw = UnsafeRawPointer(pointer)
            switch Int32(pointer.pointee.ss_family) {
            case AF_INET:
                let address = raw.assumingMemoryBound(to: sockaddr_in.self).pointee
                let host = withUnsafeBytes(of: address.sin_addr) {
                    $0.map(String.init).joined(separator: ".")
                }
                return .tcp(host: host, port: UInt16(bigEndian: address.sin_port))
            case AF_INET6:
                let address = raw.assumingMemoryBound(to: sockaddr_in6.self).pointee
                let host = IPAddress(raw.assumingMemoryBound(to: sockaddr.self))?.description ?? "::"
                return .tcp(host: host, port: UInt16(bigEndian: address.sin6_port))
            default:
                let address = raw.assumingMemoryBound(to: sockaddr_un.self).pointee
                let path = withUnsafeBytes(of: address.sun_path) { Array($0.prefix { $0 != 0 }) }
                return .unix(path: String(decoding: path, as: UTF8.self))
            }
        }
    }
}
