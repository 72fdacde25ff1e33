import CLinux
import Glibc
import Testing

@testable import Platform

/// Serialized: the variables of sd_notify(3) belong to the whole process.
@Suite(.serialized) struct SystemdTests {
    @Test func withoutSystemdEverythingIsQuiet() throws {
        unsetenv("NOTIFY_SOCKET")
        SystemdNotifier().ready()
        SystemdNotifier().stopping()
        #expect(SystemdNotifier.watchdogInterval() == nil)
        #expect(try InheritedSocket.receive().isEmpty)
    }

    @Test func statesArriveAtTheNotifySocket() throws {
        let socket = try NotifySocket()
        defer { unsetenv("NOTIFY_SOCKET") }
        let notifier = SystemdNotifier()
        notifier.status("Waiting for PostgreSQL\nREADY=1")
        notifier.ready()
        notifier.feedWatchdog()
        notifier.stopping()
        #expect(try socket.receive() == "STATUS=Waiting for PostgreSQL READY=1")
        #expect(try socket.receive() == "READY=1\nSTATUS=Ready.")
        #expect(try socket.receive() == "WATCHDOG=1")
        #expect(try socket.receive() == "STOPPING=1\nSTATUS=Finishing running requests.")
    }

    @Test func watchdogIntervalComesFromTheEnvironment() {
        setenv("WATCHDOG_USEC", "30000000", 1)
        defer { unsetenv("WATCHDOG_USEC") }
        #expect(SystemdNotifier.watchdogInterval() == .seconds(30))
        setenv("WATCHDOG_PID", "1", 1)
        defer { unsetenv("WATCHDOG_PID") }
        #expect(SystemdNotifier.watchdogInterval() == nil)
    }

    @Test func onlyListeningStreamSocketsAreAccepted() throws {
        let listening = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listening) }
        #expect(throws: SystemError.self) { try InheritedSocket.prepare(listening) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An address of nothing but the family makes the kernel choose one (autobind, unix(7)).
        let length = socklen_t(MemoryLayout<sa_family_t>.size)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listening, $0, length) }
        }
        try #require(status == 0 && listen(listening, 1) == 0)
        try InheritedSocket.prepare(listening)
        #expect(fcntl(listening, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(listening, F_GETFD) == FD_CLOEXEC)
        let pipe = try Pipe()
        #expect(throws: SystemError.self) { try InheritedSocket.prepare(pipe.readEnd) }
    }
}

/// A datagram socket where systemd's would be.
private final class NotifySocket {
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        let name = "livekit-conference-notify-\(getpid())"
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An abstract name begins with NUL, and systemd writes it with "@".
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: name.utf8) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard status == 0 else { throw SystemError("bind") }
        setenv("NOTIFY_SOCKET", "@" + name, 1)
    }

    deinit { close(descriptor) }

    func receive() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count >= 0 else { throw SystemError("recv") }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
