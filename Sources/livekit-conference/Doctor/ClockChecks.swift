import CLinux
import FoundationEssentials
import Glibc
import HTTPClient
import ObjectStorage
import Platform
import Postgres
import Redis

/// Clocks: tokens, webhooks and signatures of the storage depend on their agreement.
enum ClockChecks {
    static let all: [DoctorCheck] = [
        .host("clocks.synchronised", "the kernel's clock follows a time server") { _ in try synchronised() },
        .services("clocks.agree", "the clocks of all services agree with this machine's", limit: .seconds(20), agree),
    ]

    private static func synchronised() throws(DoctorFinding) -> DoctorFinding {
        var state = timex()
        let status = adjtimex(&state)
        guard status >= 0 else { throw .unknown("\(SystemError("adjtimex"))") }
        return synchronised(isUnsynchronised: state.status & STA_UNSYNC != 0, error: .microseconds(state.maxerror))
    }

    static func synchronised(isUnsynchronised: Bool, error: Duration) -> DoctorFinding {
        guard isUnsynchronised else { return .pass("to within \(Int(error / .milliseconds(1))) ms") }
        return .warn(
            "the clock is not synchronised",
            "timedatectl set-ntp true, or install systemd-timesyncd or chrony; UDP to port 123 must get out.")
    }

    /// How far a service's clock is ahead.
    struct Offset: Sendable {
        let service: String
        let ahead: Double
        /// How much of it may be due to the way of asking.
        let uncertainty: Double
    }

    @Sendable private static func agree(_ services: DoctorServices) async throws -> DoctorFinding {
        let offsets = await withTaskGroup(of: Offset?.self) { group in
            group.addTask {
                try? await measure("PostgreSQL", precision: 0) {
                    try await services.postgres().query("SELECT extract(epoch FROM clock_timestamp())::float8 AS now")
                        .first?.get("now")
                }
            }
            group.addTask {
                try? await measure("Redis", precision: 0) {
                    let reply = try await services.redis().send(["TIME"]).array ?? []
                    guard reply.count == 2, let seconds = reply[0].integer, let rest = reply[1].integer else {
                        return nil
                    }
                    return Double(seconds) + Double(rest) / 1e6
                }
            }
            for (name, url) in [
                ("storage", services.settings.parts.storage?.configuration.endpoint),
                ("LiveKit", services.settings.parts.liveKit?.url.description),
            ] {
                guard let url else { continue }
                group.addTask {
                    // The header's precision is a second.
                    try? await measure(name, precision: 1) {
                        let response = try await services.client.execute(
                            HTTPClientRequest(url: url + "/"), timeout: .seconds(5))
                        return response.headers["Date"].flatMap(AnswerDate.fromHeader).map {
                            $0.timeIntervalSince1970 + 0.5
                        }
                    }
                }
            }
            var offsets: [Offset] = []
            for await offset in group { if let offset { offsets.append(offset) } }
            return offsets
        }
        return agree(offsets.sorted { $0.service < $1.service })
    }

    private static func measure(
        _ service: String, precision: Double, _ ask: () async throws -> Double?
    ) async throws -> Offset? {
        let before = Date().timeIntervalSince1970
        guard let theirs = try await ask() else { return nil }
        let after = Date().timeIntervalSince1970
        return Offset(
            service: service, ahead: theirs - (before + after) / 2, uncertainty: (after - before + precision) / 2)
    }

    static func agree(_ offsets: [Offset]) -> DoctorFinding {
        guard !offsets.isEmpty else { return .unknown("no service told its time", "See the checks of the services.") }
        func text(_ offset: Offset) -> String {
            let tenths = (offset.ahead * 10).rounded() / 10
            return "\(offset.service) \(tenths < 0 ? "" : "+")\(tenths) s"
        }
        let all = offsets.map(text).joined(separator: ", ")
        func exceed(_ limit: Double) -> [Offset] { offsets.filter { abs($0.ahead) - $0.uncertainty > limit } }
        let remedy = "Synchronise the clocks of both machines: see clocks.synchronised."
        // LiveKit and the API believe a token that is a minute off, the storage 15.
        if !exceed(30).isEmpty { return .fail(all, remedy) }
        return exceed(2).isEmpty ? .pass(all) : .warn(all, remedy)
    }
}
