import Glibc
import Platform

/// A server on a loopback port whose every byte the test decides: each connection runs a closure on its own thread.
public final class RawServer: Sendable {
    public let port: UInt16
    private let listener: Int32
    private let accepted = Lock(0)

    public var url: String { "http://127.0.0.1:\(port)" }
    /// How many connections have been accepted so far.
    public var connectionCount: Int { accepted.withLock { $0 } }

    public init(_ handler: @escaping @Sendable (RawConnection) -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) | listen(listener, 128) | getsockname(listener, $0, &length)
            }
        }
        guard status == 0 else { throw RawServerError.noListener }
        port = UInt16(bigEndian: address.sin_port)
        startThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                accepted.withLock { $0 += 1 }
                startThread { handler(RawConnection(descriptor)) }
            }
        }
    }

    public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// A server that answers each request, one after the other on a connection, with what the closure gives.
    public static func answering(_ answer: @escaping @Sendable (RawRequest) -> String) throws -> RawServer {
        try RawServer { connection in
            while let request = connection.readRequest() { connection.write(answer(request)) }
        }
    }

    public static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
}

enum RawServerError: Error { case noListener }

public struct RawRequest: Sendable {
    public let head: String
    public let body: [UInt8]

    public var lines: [String] { head.split(separator: "\r\n").map(String.init) }
}

public final class RawConnection: Sendable {
    private let descriptor: Int32
    private let unread = Lock<[UInt8]>([])

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }

    /// A request with its body as Content-Length says, nil at the connection's end.
    public func readRequest() -> RawRequest? {
        guard let head = readHead() else { return nil }
        let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let length = line.flatMap { Int($0.dropFirst(15).trimmingPrefix(" ")) } ?? 0
        guard let body = read(length) else { return nil }
        return RawRequest(head: head, body: body)
    }

    public func readHead() -> String? {
        let mark = Array("\r\n\r\n".utf8)
        while true {
            let head: String? = unread.withLock { bytes in
                guard let range = bytes.firstRange(of: mark) else { return nil }
                let head = String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
                bytes.removeFirst(range.upperBound)
                return head
            }
            if let head { return head }
            guard receive() > 0 else { return nil }
        }
    }

    public func read(_ count: Int) -> [UInt8]? {
        while unread.withLock({ $0.count }) < count {
            guard receive() > 0 else { return nil }
        }
        return unread.withLock { bytes in
            let result = Array(bytes.prefix(count))
            bytes.removeFirst(count)
            return result
        }
    }

    private func receive() -> Int {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { unread.withLock { $0.append(contentsOf: buffer[..<count]) } }
        return count
    }

    /// Waits until the peer closed; true also for a reset.
    public func waitForClose() { while receive() > 0 {} }

    @discardableResult
    public func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let sent = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            offset += sent
        }
        return true
    }

    /// How many bytes the kernel takes before it would block.
    public func writeWithoutWaiting(_ bytes: [UInt8]) -> Int {
        max(0, send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
    }

    public func close() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
