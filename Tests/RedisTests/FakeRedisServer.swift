import Glibc
import Platform

/// A server whose behaviour a test writes: one thread for each connection, commands in, bytes out.
final class FakeRedisServer: Sendable {
    enum Answer {
        case bytes([UInt8])
        /// The bytes, one in each packet.
        case slowly([UInt8])
        case nothing
        case hangUp
    }

    /// What to answer to a command of the connection with this number, the first being 1.
    typealias Behaviour = @Sendable (_ command: [String], _ connection: Int) -> Answer

    private struct State {
        var connections: [Int32] = []
        var accepted = 0
        var packets: [[UInt8]] = []
    }

    let port: UInt16
    private let listener: Int32
    private let version: String
    private let behaviour: Behaviour
    private let state = Lock(State())

    init(version: String = "7.0.15", _ behaviour: @escaping Behaviour = { _, _ in .nothing }) throws {
        self.version = version
        self.behaviour = behaviour
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw SystemError("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let status = withUnsafeMutableBytes(of: &address) { raw in
            raw.withMemoryRebound(to: sockaddr.self) { buffer in
                bind(descriptor, buffer.baseAddress!, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, buffer.baseAddress!, &length) == 0
            }
        }
        guard status else { throw SystemError("bind") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// What arrived, as recv(2) gave it.
    var packets: [[UInt8]] { state.withLock { $0.packets } }

    func start() throws { try startThread { [self] in acceptConnections() } }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    private func acceptConnections() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else {
                close(listener)
                return
            }
            let number = state.withLock { state in
                state.connections.append(connection)
                state.accepted += 1
                return state.accepted
            }
            try? startThread { [self] in serve(connection, number: number) }
        }
    }

    private func serve(_ connection: Int32, number: Int) {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        defer {
            state.withLock { $0.connections.removeAll { $0 == connection } }
            close(connection)
        }
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            received += buffer[..<count]
            state.withLock { $0.packets.append(Array(buffer[..<count])) }
            while let command = takeCommand(from: &received) {
                switch answer(to: command, number) {
                case .bytes(let bytes): send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                case .slowly(let bytes): for byte in bytes { send(connection, [byte], 1, Int32(MSG_NOSIGNAL)) }
                case .nothing: break
                case .hangUp: return
                }
            }
        }
    }

    private func answer(to command: [String], _ number: Int) -> Answer {
        switch command.first {
        case "CLIENT", "AUTH", "SELECT": return .bytes(Array("+OK\r\n".utf8))
        case "INFO":
            let text = "# Server\r\nredis_version:\(version)\r\n"
            return .bytes(Array("$\(text.utf8.count)\r\n\(text)\r\n".utf8))
        case "PING": return .bytes(Array("+PONG\r\n".utf8))
        default: return behaviour(command, number)
        }
    }

    private func takeCommand(from bytes: inout [UInt8]) -> [String]? {
        var rest = bytes[...]
        func line() -> String? {
            guard let end = rest.firstIndex(of: 0x0a) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return String(decoding: rest[..<(end - 1)], as: UTF8.self)
        }
        guard let header = line(), let count = Int(header.dropFirst()) else { return nil }
        var command: [String] = []
        for _ in 0..<count {
            guard let header = line(), let length = Int(header.dropFirst()), rest.count >= length + 2 else {
                return nil
            }
            command.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length + 2)
        }
        bytes = Array(rest)
        return command
    }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func startThread(_ body: @escaping @Sendable () -> Void) throws {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Work(body)).toOpaque()
    let status = pthread_create(&thread, nil, runWork, box)
    guard status == 0 else { throw SystemError("pthread_create", code: status) }
    pthread_detach(thread)
}

private func runWork(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    Unmanaged<Work>.fromOpaque(box!).takeRetainedValue().body()
    return nil
}
