import HTTPClient
import Platform

/// Asks the LiveKit server for something cheap, to see that it is there and knows our key.
public struct LiveKitHealth: Sendable {
    public enum Outcome: Hashable, Sendable {
        case ok(latency: Duration)
        /// The server answers, but takes neither our key nor our secret.
        case wrongKey
        case unreachable(reason: String)
        /// Something else answers there, or the server is not well.
        case unexpected(status: Int)

        public var isOK: Bool { if case .ok = self { true } else { false } }
    }

    private let configuration: LiveKitConfiguration
    private let client: HTTPClient

    public init(configuration: LiveKitConfiguration, client: HTTPClient) {
        self.configuration = configuration
        self.client = client
    }

    /// - Parameter timeout: after it the server counts as unreachable.
    public func check(timeout: Duration = .seconds(2)) async -> Outcome {
        let begin = MonotonicTime.now
        do {
            let response = try await client.execute(request(), timeout: timeout)
            _ = try await response.body.collect(upTo: 64 * 1024)
            return LiveKitHealth.outcome(
                status: response.status, latency: MonotonicTime.now.duration(since: begin))
        } catch {
            return .unreachable(reason: String(describing: error))
        }
    }

    /// `ListRooms` for a name that no room has: the answer is small, however many rooms there are.
    func request() throws -> HTTPClientRequest {
        let token = try AccessToken(
            apiKey: configuration.apiKey, secret: configuration.secret, grants: VideoGrants(roomList: true),
            lifetime: .seconds(60)
        ).sign()
        return HTTPClientRequest(
            method: "POST", url: configuration.url + "/twirp/livekit.RoomService/ListRooms",
            headers: ["Authorization": "Bearer \(token)", "Content-Type": "application/json"],
            body: .bytes(Array(#"{"names":["health-check"]}"#.utf8)))
    }

    static func outcome(status: Int, latency: Duration) -> Outcome {
        switch status {
        case 200: .ok(latency: latency)
        case 401: .wrongKey
        default: .unexpected(status: status)
        }
    }
}

extension LiveKitHealth.Outcome: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ok: "LiveKit answers and knows the API key."
        case .wrongKey:
            "LiveKit refuses the API key or its secret. Give both the same LIVEKIT_API_KEY and LIVEKIT_API_SECRET."
        case .unreachable(let reason): reason
        case .unexpected(let status):
            "What answers at LIVEKIT_URL gave status \(status). Check that it is the LiveKit server and read its log."
        }
    }
}
