import CLinux
import Glibc

/// A client that sends exactly the bytes it is told to, over a blocking socket with a time limit.
final class RawClient {
    private let descriptor: Int32

    init(port: UInt16, receiveBuffer: Int32? = nil) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        precondition(descriptor >= 0)
        if var receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(status == 0, "connect failed with \(errno)")
    }

    deinit { close(descriptor) }

    /// - Returns: false when the server has closed the connection.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest.removeFirst(sent)
        }
        return true
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Everything until the server closes, or nothing comes for ten seconds.
    func readToEnd() -> String {
        var all: [UInt8] = []
        while let piece = read(atMost: 65_536), !piece.isEmpty { all += piece }
        return String(decoding: all, as: UTF8.self)
    }

    /// One answer with its Content-Length bytes of content.
    func readAnswer() -> String {
        var all = ""
        while true {
            if let end = all.range(of: "\r\n\r\n") {
                let head = all[..<end.lowerBound].lowercased()
                let length = head.range(of: "content-length: ").flatMap { start in
                    Int(head[start.upperBound...].prefix { $0.isNumber })
                }
                if all[end.upperBound...].utf8.count >= (length ?? 0) { return all }
            }
            guard let piece = read(atMost: 1), !piece.isEmpty else { return all }
            all += String(decoding: piece, as: UTF8.self)
        }
    }

    /// - Returns: nil after an error or time-out, nothing at the end.
    func read(atMost limit: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = recv(descriptor, &buffer, limit, 0)
        return count < 0 ? nil : Array(buffer.prefix(count))
    }
}

extension StringProtocol {
    /// The first place of a text, without Foundation.
    func range(of text: String) -> Range<Index>? {
        let wanted = Array(text.utf8)
        let all = Array(utf8)
        guard wanted.count <= all.count else { return nil }
        for start in 0...(all.count - wanted.count)
        where all[start..<(start + wanted.count)].elementsEqual(wanted) {
            let lower = utf8.index(startIndex, offsetBy: start)
            return lower..<utf8.index(lower, offsetBy: wanted.count)
        }
        return nil
    }
}
