import CLinux
import Glibc

/// Writes a small answer straight to a socket, for the one moment when libmicrohttpd takes none: in the middle of a body.
enum RawResponse {
    /// Best effort: what the socket's buffer doesn't take is lost, and the connection ends anyway.
    static func write(_ response: HTTPResponse, to descriptor: Int32) {
        var body: [UInt8] = []
        if case .bytes(let bytes) = response.body { body = bytes }
        var head = "HTTP/1.1 \(response.status.rawValue) Refused\r\nConnection: close\r\n"
        for (name, value) in response.headers { head += "\(name): \(value)\r\n" }
        head += "Content-Length: \(body.count)\r\n\r\n"
        let bytes = Array(head.utf8) + body
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
}
