import FoundationEssentials
import HTTPClient
import Platform

/// Calls the server's API: Twirp with JSON bodies, each call with a token of its own that allows no more than the call.
struct TwirpClient: Sendable {
    let configuration: LiveKitConfiguration
    let client: HTTPClient
    let retry: CallRetry
    let log: Logger?
    let now: @Sendable () -> Date

    /// What is to be called, and how.
    struct Call: Sendable {
        /// As in `RoomService/CreateRoom`.
        let method: String
        let grants: VideoGrants
        /// Whether making the call twice does the same as making it once.
        var isRepeatable = true
        /// For one attempt.
        var timeout = Duration.seconds(5)
    }

    private static let answerLimit = 64 << 20

    /// Makes the call, again where that is safe and may help.
    func perform<Answer: Decodable & Sendable>(
        _ call: Call, _ body: some Encodable & Sendable, as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = Array(try encoder.encode(body))
        var attempt = 1
        while true {
            let failure: LiveKitAPIError
            do {
                return try await attemptOnce(call, content)
            } catch let error as LiveKitAPIError {
                failure = error
            }
            let pause = retry.pause(
                after: failure, attempt: attempt, isRepeatable: call.isRepeatable, fraction: .random(in: 0...1))
            guard let pause else { throw failure }
            log?.notice(
                "LiveKit call is tried again",
                ["method": call.method, "attempt": "\(attempt)", "reason": "\(failure)"])
            if let loop = EventLoop.current {
                try await loop.sleep(for: pause)
            } else {
                try await Task.sleep(for: pause)
            }
            attempt += 1
        }
    }

    private func attemptOnce<Answer: Decodable & Sendable>(_ call: Call, _ content: [UInt8]) async throws -> Answer {
        let status: Int
        let bytes: [UInt8]
        do {
            let response = try await client.execute(request(call, content), timeout: call.timeout)
            status = response.status
            bytes = try await response.body.collect(upTo: TwirpClient.answerLimit)
        } catch HTTPClientError.cancelled {
            throw CancellationError()
        } catch let error as HTTPClientError {
            throw LiveKitAPIError.unavailable(method: call.method, cause: error)
        } catch let error as LiveKitError {
            throw LiveKitAPIError.token(error)
        }
        guard status == 200 else { throw LiveKitAPIError.refused(TwirpClient.refusal(call.method, status, bytes)) }
        do {
            return try ProtobufJSON.decode(Answer.self, from: bytes)
        } catch {
            throw LiveKitAPIError.invalidAnswer(method: call.method, reason: ProtobufJSON.reason(of: error))
        }
    }

    func request(_ call: Call, _ content: [UInt8]) throws -> HTTPClientRequest {
        let token = try AccessToken(
            apiKey: configuration.apiKey, secret: configuration.secret, grants: call.grants, lifetime: .seconds(60)
        ).sign(now: now())
        return HTTPClientRequest(
            method: "POST", url: "\(configuration.url)/twirp/livekit.\(call.method)",
            headers: ["Authorization": "Bearer \(token)", "Content-Type": "application/json"], body: .bytes(content))
    }

    /// Reads an error: Twirp's JSON, or whatever text came in its place.
    static func refusal(_ method: String, _ status: Int, _ bytes: [UInt8]) -> LiveKitAPIError.Refusal {
        struct TwirpError: Decodable {
            let code: String
            let msg: String?
        }
        if let error = try? ProtobufJSON.decode(TwirpError.self, from: bytes) {
            return LiveKitAPIError.Refusal(
                method: method, status: status, code: TwirpCode(rawValue: error.code), message: error.msg ?? "")
        }
        let text = String(decoding: bytes.prefix(200), as: UTF8.self).filter { !$0.isNewline }
        return LiveKitAPIError.Refusal(
            method: method, status: status, code: TwirpCode(ofStatus: status),
            message: text.isEmpty ? "no reason given" : text)
    }
}

/// The answer that says nothing.
struct Nothing: Decodable, Sendable {}
