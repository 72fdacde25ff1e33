import COpenSSL
import FoundationEssentials
public import HTTPClient

/// A client's connection to LiveKit, as far as joining without media takes it: a WebSocket over which the server says into
/// which room it has let whom. It ends when the value is let go.
public struct SignallingConnection: Sendable {
    /// What LiveKit answered to a join.
    public struct Joined: Hashable, Sendable {
        public let roomSID: String
        public let roomName: String
        public let participantSID: String
        public let identity: String
    }

    /// Why nobody joined.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case refused(status: Int, reason: String)
        case noWebSocket
        case ended
        case unreadable

        public var description: String {
            switch self {
            case .refused(let status, let reason): "LiveKit refused to let in, with status \(status): \(reason)"
            case .noWebSocket: "what answered there speaks no WebSocket; is a proxy in between that passes none on?"
            case .ended: "LiveKit ended the connection before it said who joined"
            case .unreadable: "LiveKit's answer to joining can't be read"
            }
        }
    }

    /// RFC 6455, section 1.3.
    private static let acceptance = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    public let joined: Joined
    private let body: HTTPClientResponseBody

    /// Joins with a participant's token, which no URL shows.
    ///
    /// - Parameters:
    ///   - url: LiveKit's, as clients get it: `ws`, `wss`, `http` or `https`.
    ///   - lifetime: after which the connection ends by itself.
    /// - Throws: ``Failure`` or `HTTPClientError`.
    public static func join(
        url: String, token: String, client: HTTPClient, lifetime: Duration
    ) async throws -> SignallingConnection {
        let address = url.hasPrefix("ws") ? "http" + url.dropFirst(2) : url
        let key = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
        let request = HTTPClientRequest(
            method: "GET", url: "\(address)/rtc?protocol=15&auto_subscribe=0&sdk=canary",
            headers: [
                "Authorization": "Bearer \(token)", "Connection": "Upgrade", "Upgrade": "websocket",
                "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13",
            ], body: .none)
        let response = try await client.execute(request, timeout: lifetime)
        guard response.status == 101 else {
            if response.status < 300 { throw Failure.noWebSocket }
            let reason = try await response.body.collect(upTo: 4096)
            throw Failure.refused(status: response.status, reason: String(decoding: reason.prefix(200), as: UTF8.self))
        }
        guard response.headers["Sec-WebSocket-Accept"] == answer(to: key) else { throw Failure.noWebSocket }
        return SignallingConnection(joined: try await welcome(response.body), body: response.body)
    }

    private static func answer(to key: String) -> String {
        var digest = [UInt8](repeating: 0, count: 20)
        let text = Array((key + acceptance).utf8)
        let status = EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil)
        precondition(status == 1, "OpenSSL computes no SHA-1")
        return Data(digest).base64EncodedString()
    }

    private static func welcome(_ body: HTTPClientResponseBody) async throws -> Joined {
        var messages = WebSocketMessages()
        do {
            while let bytes = try await body.read() {
                messages.add(bytes)
                while let message = try messages.next() {
                    if let joined = Joined(signalResponse: message[...]) { return joined }
                }
            }
        } catch WebSocketMessages.Failure.invalid {
            throw Failure.unreadable
        } catch WebSocketMessages.Failure.closed {
            throw Failure.ended
        }
        throw Failure.ended
    }
}

extension SignallingConnection.Joined {
    /// From `livekit.SignalResponse`; nil when it isn't the one with a `JoinResponse`.
    init?(signalResponse message: ArraySlice<UInt8>) {
        guard let join = ProtobufFields.content(1, of: message), let room = ProtobufFields.content(1, of: join),
            let participant = ProtobufFields.content(2, of: join), let roomSID = ProtobufFields.text(1, of: room),
            let roomName = ProtobufFields.text(2, of: room),
            let participantSID = ProtobufFields.text(1, of: participant),
            let identity = ProtobufFields.text(2, of: participant)
        else { return nil }
        self.init(roomSID: roomSID, roomName: roomName, participantSID: participantSID, identity: identity)
    }
}
