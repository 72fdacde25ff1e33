import Conference
import FoundationEssentials
import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

/// Answers as told.
private final class ScriptedCheck: HealthCheck {
    let service: String
    let isCritical: Bool
    private let failure = Lock<(any Error)?>(nil)

    init(_ service: String, isCritical: Bool = false, failing: (any Error)? = nil) {
        self.service = service
        self.isCritical = isCritical
        failure.withLock { $0 = failing }
    }

    func fail(with error: (any Error)?) { failure.withLock { $0 = error } }

    func check() async throws {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}

/// Hangs, deaf to cancellation, until it is released.
private final class HangingCheck: HealthCheck {
    let service = "storage"
    let isCritical = false
    private let waiters = Lock<[CheckedContinuation<Void, Never>]>([])
    private let started = Lock(0)

    var count: Int { started.withLock { $0 } }

    func check() async throws {
        started.withLock { $0 += 1 }
        await withCheckedContinuation { continuation in waiters.withLock { $0.append(continuation) } }
    }

    func release() {
        let waiters = waiters.withLock { waiters in
            defer { waiters = [] }
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}

struct HealthMonitorTests {
    private let sink = CollectingSink()

    /// Time limits are over at once, or never.
    private func monitor(_ checks: [any HealthCheck], limitsPass: Bool = false) -> HealthMonitor {
        HealthMonitor(
            checks: checks, notConfigured: ["egress"],
            time: HealthMonitor.Time(
                now: { Date(timeIntervalSince1970: 0) }, uptime: { .zero },
                sleep: { _ in if !limitsPass { try await Task.sleep(for: .seconds(86_400)) } }),
            log: Logger(component: "health", sink: sink))
    }

    @Test func knowsNothingBeforeTheFirstRound() {
        let report = monitor([ScriptedCheck("postgresql", isCritical: true)]).report
        #expect(report.status == .unknown)
        #expect(report.services.map(\.status) == [.unknown, .notConfigured])
    }

    @Test func isOkWhenAllConfiguredServicesAre() async {
        let monitor = monitor([ScriptedCheck("postgresql", isCritical: true), ScriptedCheck("redis")])
        await monitor.checkOnce()
        #expect(monitor.report.status == .ok)
        #expect(monitor.report.services.map(\.status) == [.ok, .ok, .notConfigured])
        #expect(monitor.report.services[0].latency == .zero)
    }

    @Test func isDegradedWithoutAServiceThatMayBeMissing() async {
        let monitor = monitor([
            ScriptedCheck("postgresql", isCritical: true), ScriptedCheck("redis", failing: HealthFailure("refused")),
        ])
        await monitor.checkOnce()
        #expect(monitor.report.status == .degraded)
        #expect(monitor.report.services[1].reason == "refused")
    }

    @Test func failsWithoutACriticalService() async {
        let monitor = monitor([ScriptedCheck("postgresql", isCritical: true, failing: HealthFailure("refused"))])
        await monitor.checkOnce()
        #expect(monitor.report.status == .failed)
    }

    @Test func showsNoInternalsOfUnexpectedErrors() async throws {
        let error = ConferenceError.unexpected(cause: "postgres://user:secret@db failed")
        let monitor = monitor([ScriptedCheck("postgresql", isCritical: true, failing: error)])
        await monitor.checkOnce()
        #expect(monitor.report.services[0].reason == "does not work")
    }

    @Test func logsEachChangeOnce() async {
        let redis = ScriptedCheck("redis")
        let monitor = monitor([redis])
        await monitor.checkOnce()
        await monitor.checkOnce()
        redis.fail(with: HealthFailure("refused"))
        await monitor.checkOnce()
        await monitor.checkOnce()
        redis.fail(with: nil)
        await monitor.checkOnce()
        #expect(sink.messages == ["service works", "service failed", "service works"])
        #expect(sink.entries[1].fields["reason"] == "refused")
        #expect(sink.entries[1].level == .warning)
    }

    @Test func doesNotWaitForACheckThatHangs() async {
        let hanging = HangingCheck()
        let monitor = monitor([hanging], limitsPass: true)
        await monitor.checkOnce()
        #expect(monitor.report.services[0].status == .failed)
        #expect(monitor.report.services[0].reason == "no answer in time")
        #expect(monitor.report.services[0].latency == nil)

        await monitor.checkOnce()
        #expect(hanging.count == 1, "a hanging check is not started again")
        hanging.release()
    }
}

struct HealthRouteTests {
    @Test func reportsEveryService() async throws {
        let api = try await TestAPI(
            checks: [
                ScriptedCheck("postgresql", isCritical: true), ScriptedCheck("redis", failing: HealthFailure("gone")),
            ],
            notConfigured: ["egress"])
        await api.health.checkOnce()

        let response = try await api.send(.get, "/health")

        #expect(response.status == .ok)
        #expect(response.object.string("status") == "degraded")
        let schema = try #require(api.operation("getHealth").answers[0].schema)
        #expect(schema.problems(of: response.json) == [])
        guard case .array(let services) = response.object["services"], case .object(let redis) = services[1] else {
            return #expect(Bool(false))
        }
        #expect(redis.string("service") == "redis")
        #expect(redis.string("status") == "failed")
        #expect(redis.string("reason") == "gone")
        #expect(redis["latency_ms"] != .null)
    }

    @Test func answers503WithTheReportWhenACriticalServiceFailed() async throws {
        let api = try await TestAPI(checks: [
            ScriptedCheck("postgresql", isCritical: true, failing: HealthFailure("gone"))
        ])
        await api.health.checkOnce()
        let response = try await api.send(.get, "/health")
        #expect(response.status == .serviceUnavailable)
        #expect(response.object.string("status") == "failed")
    }

    @Test func isReadyOnlyWhileItServesAndTheDatabaseWorks() async throws {
        let postgres = ScriptedCheck("postgresql", isCritical: true)
        let api = try await TestAPI(checks: [postgres, ScriptedCheck("redis", failing: HealthFailure("gone"))])
        await api.health.checkOnce()

        let starting = try await api.send(.get, "/health/ready")
        #expect(starting.status == .serviceUnavailable)
        #expect(starting.code == "not_ready")

        api.readiness.beginServing()
        #expect(try await api.send(.get, "/health/ready").status == .ok)

        postgres.fail(with: HealthFailure("gone"))
        await api.health.checkOnce()
        #expect(
            try await api.send(.get, "/health/ready").object.string("detail") == "Without postgresql nothing works.")

        postgres.fail(with: nil)
        await api.health.checkOnce()
        api.readiness.beginDraining()
        api.readiness.beginServing()
        #expect(try await api.send(.get, "/health/ready").object.string("detail") == "The server is stopping.")
    }

    @Test func answersLivenessWithoutWork() async throws {
        let api = try await TestAPI()
        let response = try #require(api.operation("getLiveness").fixedAnswer)
        #expect(response.status == .ok)
        #expect(response.json == ["status": "live"])
        #expect(response.headers["Cache-Control"] == "no-store")
    }

    @Test func showsMetricsAsPrometheusReadsThem() async throws {
        let response = try await TestAPI().send(.get, "/metrics")
        #expect(response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(String(decoding: response.bytes, as: UTF8.self).contains("http_requests_in_flight 1"))
    }
}

extension TestAPI {
    func operation(_ id: String) -> ConferenceAPI.Operation {
        Operations(dependencies).all.first { $0.id == id }!
    }
}
