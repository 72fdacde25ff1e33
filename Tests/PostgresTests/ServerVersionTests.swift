import CLinux
import Glibc
import Platform
import Testing

@testable import Postgres

@Suite struct ServerVersionTests {
    @Test(
        arguments: [
            (180_001, true), (180_006, true), (190_000, true), (180_000, false), (170_006, false), (90_624, false),
            (0, false),
        ] as [(Int32, Bool)])
    func decidesByTheNumber(_ number: Int32, _ isSupported: Bool) {
        let result = Result { try ServerVersion.check(number, name: nil) }
        #expect(((try? result.get()) != nil) == isSupported)
    }

    @Test func refusesAnOlderServerAndNamesItsVersion() async throws {
        let server = try StubServer(version: "17.6 (Debian 17.6-1)")
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let configuration = try PostgresConfiguration(
            url: "postgresql://app@127.0.0.1:\(server.port)/app?sslmode=disable")
        let log = Logger(component: "postgres", sink: CollectingSink())
        let postgres = Postgres(configuration: configuration, loops: [loop], log: log)
        await #expect(throws: PostgresError.unsupportedServer(found: "17.6 (Debian 17.6-1)", required: "18.1")) {
            try await postgres.start()
        }
        server.stop()
    }
}

/// Takes connections and says that it is PostgreSQL of a version: the messages of the protocol's start-up phase.
private final class StubServer: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init(version: String) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        port = try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                guard bind(descriptor, raw, length) == 0, listen(descriptor, 8) == 0,
                    getsockname(descriptor, raw, &length) == 0
                else { throw SystemError("bind") }
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Answer(descriptor: descriptor, bytes: Self.answer(version))).toOpaque()
        pthread_create(&thread, nil, serveStub, box)
        pthread_detach(thread)
    }

    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func answer(_ version: String) -> [UInt8] {
        message("R", [0, 0, 0, 0]) + message("S", Array("server_version".utf8) + [0] + Array(version.utf8) + [0])
            + message("K", [0, 0, 0, 1, 0, 0, 0, 1]) + message("Z", [UInt8(ascii: "I")])
    }

    private static func message(_ type: Unicode.Scalar, _ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count + 4).bigEndian
        return [UInt8(ascii: type)] + withUnsafeBytes(of: length) { Array($0) } + body
    }
}

private final class Answer: Sendable {
    let descriptor: Int32
    let bytes: [UInt8]

    init(descriptor: Int32, bytes: [UInt8]) {
        self.descriptor = descriptor
        self.bytes = bytes
    }
}

private func serveStub(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box else { return nil }
    let answer = Unmanaged<Answer>.fromOpaque(box).takeRetainedValue()
    while true {
        let client = accept(answer.descriptor, nil, nil)
        guard client >= 0 else { break }
        var request = [UInt8](repeating: 0, count: 4096)
        _ = recv(client, &request, request.count, 0)
        _ = send(client, answer.bytes, answer.bytes.count, Int32(MSG_NOSIGNAL))
        _ = recv(client, &request, request.count, 0)
        close(client)
    }
    close(answer.descriptor)
    return nil
}
