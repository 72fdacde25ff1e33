import FoundationEssentials
import HTTPClient
import LiveKit
import Platform

/// LiveKit's key in both directions: calls to it, and its webhooks to us.
enum LiveKitChecks {
    static let all: [DoctorCheck] = [
        .services("livekit.keys", "LiveKit answers and takes our key", keys),
        .services("livekit.webhook", "the API takes a webhook that LiveKit would sign", webhook),
    ]

    @Sendable private static func keys(_ services: DoctorServices) async throws -> DoctorFinding {
        let settings = try services.settings.require(\.liveKit, "LIVEKIT_...")
        let health = LiveKitHealth(configuration: try settings.client(), client: services.client)
        let outcome = await health.check(timeout: .seconds(5))
        switch outcome {
        case .ok(let latency): return .pass("answered in \(latency.nanoseconds / 1_000_000) ms")
        case .wrongKey:
            return .fail(
                "LiveKit refuses the API key or its secret",
                "Give both the same: systemctl restart livekit-conference.target writes LiveKit's configuration from ours."
            )
        case .unreachable(let reason):
            return .fail(reason, "LIVEKIT_URL is \(settings.url). See systemctl status livekit-server.")
        case .unexpected(let status):
            return .fail(
                "\(settings.url) answers with status \(status)",
                "Check that LIVEKIT_URL names the LiveKit server, and read journalctl -u livekit-server.")
        }
    }

    /// Signed, but without an event in it: the API refuses it as unreadable after it has believed the signature, and keeps nothing.
    @Sendable private static func webhook(_ services: DoctorServices) async throws -> DoctorFinding {
        let liveKit = try services.settings.require(\.liveKit, "LIVEKIT_...")
        let http = try services.settings.require(\.http, "LISTEN, PUBLIC_URL")
        let target = HealthCommand.localTarget(http.listen)
        let content = Array("{}".utf8)
        let signer = WebhookSigner(apiKey: liveKit.apiKey, secret: liveKit.apiSecret)
        let request = HTTPClientRequest(
            method: "POST", url: target.base + "/webhooks/livekit",
            headers: [
                "Authorization": try signer.sign(content, now: Date()), "Content-Type": "application/webhook+json",
            ],
            body: .bytes(content), unixSocket: target.unixSocket)
        do {
            let response = try await services.client.execute(request, timeout: .seconds(5))
            _ = try await response.body.collect(upTo: 1 << 20)
            return webhook(status: response.status)
        } catch let error as HTTPClientError {
            return .unknown("the API doesn't answer: \(error)", "See backend.health.")
        }
    }

    static func webhook(status: Int) -> DoctorFinding {
        switch status {
        case 400, 422:
            .pass("the signature was believed; whether LiveKit sends them there, livekit-conference canary shows")
        case 401:
            .fail(
                "the running API doesn't believe a signature by LIVEKIT_API_KEY and LIVEKIT_API_SECRET",
                "It runs with other settings than these: systemctl restart livekit-conference.target. Else see clocks.agree."
            )
        case 503: .unknown("the API can't take events now (503)", "See backend.health.")
        default:
            .fail(
                "POST /webhooks/livekit was answered with \(status)",
                "Check that what listens there is this program: see ports.")
        }
    }
}
