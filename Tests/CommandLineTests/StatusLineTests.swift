import FoundationEssentials
import Platform
import Testing

@testable import ConferenceAPI
@testable import livekit_conference

@Suite struct StatusLineTests {
    private let told = Lock<[String]>([])

    private func line() -> StatusLine {
        StatusLine(addresses: ["127.0.0.1:3001", "unix:/run/api"]) { [told] line, isReady in
            told.withLock { $0.append((isReady ? "READY " : "") + line) }
        }
    }

    private func report(_ statuses: KeyValuePairs<String, HealthStatus>) -> HealthReport {
        HealthReport(
            services: statuses.map {
                ServiceHealth(
                    service: $0, isCritical: false, status: $1, reason: $1 == .failed ? "no answer in time" : nil,
                    since: Date(timeIntervalSince1970: 0))
            })
    }

    private var lines: [String] { told.withLock { $0 } }

    @Test func saysWhereItListensOnceReadyWhateverStartsAfterwards() {
        let line = line()
        line.starting("redis")
        line.schema(.good)
        line.starting("watchdog")
        #expect(lines == ["Starting redis.", "READY Ready; listening on 127.0.0.1:3001, unix:/run/api."])
    }

    @Test func saysWhatItWaitsForUntilThatIsThere() {
        let line = line()
        line.schema(.waiting(reason: "0002 is pending"))
        line.starting("watchdog")
        line.health(report(["redis": .failed]))
        line.schema(.good)
        #expect(lines.first == "Waiting for the database: 0002 is pending")
        #expect(!lines.contains("Starting watchdog."))
        #expect(lines.last?.hasPrefix("READY Ready; listening") == true)
    }

    @Test func namesTheServicesThatAreNotWellAndForgetsThemAgain() {
        let line = line()
        line.health(report(["redis": .ok, "livekit": .failed]))
        line.schema(.good)
        #expect(lines.last?.hasSuffix("Not well: livekit failed (no answer in time).") == true)
        line.health(report(["redis": .degraded, "livekit": .failed]))
        #expect(lines.last?.hasSuffix("Not well: redis degraded, livekit failed (no answer in time).") == true)
        line.health(report(["redis": .ok, "livekit": .ok]))
        #expect(lines.last == "Ready; listening on 127.0.0.1:3001, unix:/run/api.")
    }

    @Test func saysNothingMoreOnceItStops() {
        let line = line()
        line.schema(.good)
        line.stopping()
        line.health(report(["redis": .failed]))
        #expect(lines.count == 1)
    }
}
