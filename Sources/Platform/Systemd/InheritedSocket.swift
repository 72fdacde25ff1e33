import CLinux
import CSystemd
import Glibc

/// A listening socket that systemd opened before the service started (systemd.socket(5), sd_listen_fds(3)).
public struct InheritedSocket: Hashable, Sendable {
    public let descriptor: Int32
    /// The unit's `FileDescriptorName=`, by default the socket unit's name.
    public let name: String

    /// The sockets passed to this process, none outside of socket activation. Call it once, early: the variables that
    /// announce them are removed, so that no child takes them for its own.
    ///
    /// - Throws: ``SystemError`` when one of them is no listening stream socket.
    public static func receive() throws(SystemError) -> [InheritedSocket] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count >= 0 else { throw SystemError("sd_listen_fds_with_names", code: -count) }
        defer { release(names) }
        var sockets: [InheritedSocket] = []
        for index in 0..<Int(count) {
            let descriptor = SD_LISTEN_FDS_START + Int32(index)
            try prepare(descriptor)
            let name = names?[index].map { String(cString: $0) } ?? "unknown"
            sockets.append(InheritedSocket(descriptor: descriptor, name: name))
        }
        return sockets
    }

    /// Checks that a descriptor is a listening stream socket, and makes it non-blocking and closed on exec.
    static func prepare(_ descriptor: Int32) throws(SystemError) {
        let status = sd_is_socket(descriptor, AF_UNSPEC, Int32(SOCK_STREAM.rawValue), 1)
        guard status >= 0 else { throw SystemError("sd_is_socket", code: -status) }
        guard status > 0 else { throw SystemError("sd_is_socket", code: ENOTSOCK) }
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
            fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
        else { throw SystemError("fcntl") }
    }

    private static func release(_ names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) {
        guard let names else { return }
        var next = names
        while let name = next.pointee {
            free(name)
            next += 1
        }
        free(names)
    }
}
