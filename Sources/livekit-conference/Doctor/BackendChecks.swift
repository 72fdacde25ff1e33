import FoundationEssentials
import HTTPClient
import Platform

/// The running API, by its own word.
enum BackendChecks {
    static let all: [DoctorCheck] = [
        .services("backend.health", "the API runs and finds all services well", health)
    ]

    private struct Report: Decodable {
        let status: String
        let services: [Service]

        struct Service: Decodable {
            let service: String
            let status: String
            let reason: String?
        }
    }

    @Sendable private static func health(_ services: DoctorServices) async throws -> DoctorFinding {
        let http = try services.settings.require(\.http, "LISTEN, PUBLIC_URL")
        let target = HealthCommand.localTarget(http.listen)
        do {
            let request = HTTPClientRequest(url: target.base + "/health", unixSocket: target.unixSocket)
            let response = try await services.client.execute(request, timeout: .seconds(5))
            return health(try await response.body.collect(upTo: 1 << 20), status: response.status, at: target.base)
        } catch let error as HTTPClientError {
            return .fail(
                "\(error)",
                "systemctl status livekit-conference says what it waits for; start it: systemctl start livekit-conference.target"
            )
        }
    }

    static func health(_ content: [UInt8], status: Int, at place: String) -> DoctorFinding {
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(content)) else {
            return .fail(
                "what answers at \(place)/health (status \(status)) is not this program", "See ports.held, and LISTEN.")
        }
        let ailing = report.services.filter { $0.status != "ok" && $0.status != "not_configured" }
        guard !ailing.isEmpty else { return .pass("\(place) finds \(report.services.count) services well") }
        let list = ailing.map { "\($0.service) \($0.status)" + ($0.reason.map { " (\($0))" } ?? "") }
        let reason = list.joined(separator: ", ")
        let remedy = "See the checks of these services."
        return report.status == "failed" ? .fail(reason, remedy) : .warn(reason, remedy)
    }
}
