import HTTPServer
import Platform

/// Counts requests by method, route and status, measures how long they take, and how many are under way.
struct RequestMetrics: Middleware {
    private let registry: MetricsRegistry
    private let index: OperationIndex<Instruments>
    private let unrouted: Instruments
    private let inFlight: Gauge
    private let now: @Sendable () -> ContinuousClock.Instant

    init(
        registry: MetricsRegistry, operations: [Operation], now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.registry = registry
        self.now = now
        index = OperationIndex(operations) { operation in
            Instruments(registry, method: operation.method.rawValue, route: operation.template)
        }
        // Methods and paths of strangers must not become labels without end.
        unrouted = Instruments(registry, method: "other", route: "none")
        inFlight = registry.gauge("http_requests_in_flight", help: "Requests that are being answered.")
    }

    func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        if request.attributes[SelfCheck.self] != nil { return try await next(request) }
        let start = now()
        inFlight.increment()
        defer { inFlight.decrement() }
        let response = try await next(request)
        let instruments = index.find(request) ?? unrouted
        instruments.duration.observe(now() - start)
        instruments.count(response.status, in: registry)
        return response
    }

    /// The instruments of one operation, kept so that a request costs no look-up in the registry.
    private final class Instruments: Sendable {
        let duration: Histogram
        private let labels: [String: String]
        private let counters = Lock<[Int: Counter]>([:])

        init(_ registry: MetricsRegistry, method: String, route: String) {
            labels = ["method": method, "route": route]
            duration = registry.histogram(
                "http_request_duration_seconds", help: "Time from a request's head to its answer.", labels: labels)
        }

        func count(_ status: HTTPStatus, in registry: MetricsRegistry) {
            let known = counters.withLock { $0[status.rawValue] }
            if let known { return known.increment() }
            let made = registry.counter(
                "http_requests_total", help: "Requests answered.",
                labels: labels.merging(["status": String(status.rawValue)]) { $1 })
            counters.withLock { $0[status.rawValue] = made }
            made.increment()
        }
    }
}
