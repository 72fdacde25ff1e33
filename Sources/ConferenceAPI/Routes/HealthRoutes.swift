import Conference
import HTTPServer
import Platform

/// Health for people, probes and scrapers.
struct HealthRoutes: Sendable {
    private let health: HealthMonitor
    private let readiness: Readiness
    private let metrics: MetricsRegistry

    init(_ dependencies: APIDependencies) {
        health = dependencies.health
        readiness = dependencies.readiness
        metrics = dependencies.metrics
    }

    var operations: [Operation] { [reportOperation, liveOperation, readyOperation, metricsOperation] }

    private static let status = Schema.choice(HealthStatus.allCases.map(\.rawValue))

    private static let report = Schema.named(
        "Health",
        .object(
            .required("status", status.described("Of everything together.")),
            .required(
                "services",
                .array(
                    of: .object(
                        .required("service", .string()), .required("status", status), .required("critical", .boolean),
                        .required(
                            "latency_ms",
                            Schema.number.nullable.described("Of the latest check; null when it had no answer.")),
                        .required("reason", .string().nullable.described("Why it is not ok.")),
                        .required("since", .time.described("Since when the status has been what it is."))))))
    )

    private static let example: JSONValue = [
        "status": "degraded",
        "services": [
            [
                "service": "postgresql", "status": "ok", "critical": true, "latency_ms": 0.42, "reason": .null,
                "since": "2026-03-01T09:00:00.000Z",
            ],
            [
                "service": "redis", "status": "failed", "critical": false, "latency_ms": .null,
                "reason": "no answer in time", "since": "2026-03-01T11:20:03.114Z",
            ],
        ],
    ]

    private var reportOperation: Operation {
        Operation(
            method: .get, template: "/health", id: "getHealth", tag: "Health",
            summary: "How all services are",
            detail: "Found by checks in the background; asking waits for nothing.", access: .anyone,
            rateLimit: .exempt,
            answers: [
                Operation.Answer(
                    status: .ok, summary: "Works, perhaps degraded.", schema: HealthRoutes.report,
                    example: HealthRoutes.example),
                Operation.Answer(
                    status: .serviceUnavailable, summary: "A critical service failed.", schema: HealthRoutes.report),
            ]
        ) { [health] _ in
            HealthRoutes.respond(health.report)
        }
    }

    private static func respond(_ report: HealthReport) -> HTTPResponse {
        let works = report.status == .ok || report.status == .degraded
        return .json(works ? .ok : .serviceUnavailable) { writer in
            writer.member("status", report.status.rawValue)
            writer.array("services") { writer in
                for service in report.services { writer.object { write(service, to: &$0) } }
            }
        }
    }

    private static func write(_ service: ServiceHealth, to writer: inout JSONWriter) {
        writer.member("service", service.service)
        writer.member("status", service.status.rawValue)
        writer.member("critical", service.isCritical)
        writer.name("latency_ms")
        if let latency = service.latency {
            writer.write((latency.seconds * 1_000_000).rounded() / 1_000)
        } else {
            writer.null()
        }
        writer.member("reason", service.reason)
        writer.member("since", service.since)
    }

    private static let state = Schema.named("State", .object(.required("status", .string())))

    private var liveOperation: Operation {
        let answer: JSONValue = ["status": "live"]
        let response = HTTPResponse(
            .ok, contentType: "application/json", bytes: JSONWriter.encode(answer),
            headers: ["Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"])
        var operation = Operation(
            method: .get, template: "/health/live", id: "getLiveness", tag: "Health",
            summary: "Whether the process answers", access: .anyone, rateLimit: .exempt,
            answers: [
                Operation.Answer(status: .ok, summary: "It does.", schema: HealthRoutes.state, example: answer)
            ],
            handler: { _ in response })
        operation.fixedAnswer = response
        return operation
    }

    private var readyOperation: Operation {
        Operation(
            method: .get, template: "/health/ready", id: "getReadiness", tag: "Health",
            summary: "Whether the server shall get requests", access: .anyone, rateLimit: .exempt,
            answers: [
                Operation.Answer(
                    status: .ok, summary: "It shall.", schema: HealthRoutes.state, example: ["status": "ready"])
            ],
            problems: [.notReady]
        ) { [health, readiness] _ in
            if let obstacle = HealthRoutes.obstacle(readiness.phase, health.report) {
                throw ProblemKind.notReady.problem(obstacle, headers: ["Retry-After": "1"])
            }
            return .json { $0.member("status", "ready") }
        }
    }

    /// Why the server shall get no requests, or nil.
    private static func obstacle(_ phase: Readiness.Phase, _ report: HealthReport) -> String? {
        switch phase {
        case .starting: return "The server is starting."
        case .draining: return "The server is stopping."
        case .serving: break
        }
        let failed = report.services.filter { $0.isCritical && ($0.status == .failed || $0.status == .unknown) }
        guard !failed.isEmpty else { return nil }
        return "Without \(failed.map(\.service).joined(separator: ", ")) nothing works."
    }

    private var metricsOperation: Operation {
        Operation(
            method: .get, template: "/metrics", id: "getMetrics", tag: "Health",
            summary: "Metrics in Prometheus' text format", access: .anyone, rateLimit: .exempt,
            answers: [
                Operation.Answer(
                    status: .ok, summary: "All metrics.", contentType: "text/plain", schema: .string(),
                    example: "http_requests_in_flight 1\n")
            ]
        ) { [metrics] _ in
            HTTPResponse(.ok, contentType: MetricsRegistry.contentType, bytes: Array(metrics.render().utf8))
        }
    }
}
