/// All series of one metric name.
struct MetricFamily: Sendable {
    let name: String
    let help: String
    let type: MetricType
    var series: [MetricLabels: MetricInstrument] = [:]
}

enum MetricType: String, Sendable {
    case counter, gauge, histogram
}

enum MetricInstrument: Sendable {
    case counter(Counter)
    case gauge(Gauge)
    case histogram(Histogram)
    case observed(@Sendable () -> Double?)
}

/// Labels of one series, sorted by name.
struct MetricLabels: Hashable, Sendable {
    let pairs: [Pair]

    init(_ labels: [String: String]) {
        pairs = labels.map { Pair(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }

    struct Pair: Hashable, Sendable {
        let name: String
        let value: String
    }
}
