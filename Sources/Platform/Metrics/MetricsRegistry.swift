/// The program's metrics, by name and labels, rendered in Prometheus' text format.
///
/// Asking for an instrument takes a lock and a look-up: on hot paths keep what was returned. The same name and labels
/// give the same instrument. Names follow Prometheus' conventions: `_total` for counters, base units (`_seconds`, `_bytes`).
public final class MetricsRegistry: Sendable {
    /// The most label combinations one name may have; later ones share a series whose label values are `other`.
    public let seriesLimit: Int

    private let families = Lock<[String: MetricFamily]>([:])

    public init(seriesLimit: Int = 1000) { self.seriesLimit = seriesLimit }

    public func counter(_ name: String, help: String, labels: [String: String] = [:]) -> Counter {
        let instrument = instrument(name, help: help, type: .counter, labels: labels) { .counter(Counter()) }
        guard case .counter(let counter) = instrument else { preconditionFailure("\(name) is read from elsewhere") }
        return counter
    }

    public func gauge(_ name: String, help: String, labels: [String: String] = [:]) -> Gauge {
        let instrument = instrument(name, help: help, type: .gauge, labels: labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = instrument else { preconditionFailure("\(name) is read from elsewhere") }
        return gauge
    }

    /// - Parameter buckets: ascending upper bounds; the one for everything above is added.
    public func histogram(
        _ name: String, help: String, buckets: [Double] = Histogram.secondsBuckets, labels: [String: String] = [:]
    ) -> Histogram {
        precondition(labels["le"] == nil, "label le belongs to the histogram itself")
        let instrument = instrument(name, help: help, type: .histogram, labels: labels) {
            .histogram(Histogram(bounds: buckets))
        }
        guard case .histogram(let histogram) = instrument else { preconditionFailure("\(name) is no histogram") }
        return histogram
    }

    /// A gauge whose value is read when metrics are rendered. Return nil when it can't be read.
    public func observedGauge(
        _ name: String, help: String, labels: [String: String] = [:], read: @escaping @Sendable () -> Double?
    ) {
        _ = instrument(name, help: help, type: .gauge, labels: labels) { .observed(read) }
    }

    /// A counter whose value is read when metrics are rendered. Return nil when it can't be read.
    public func observedCounter(
        _ name: String, help: String, labels: [String: String] = [:], read: @escaping @Sendable () -> Double?
    ) {
        _ = instrument(name, help: help, type: .counter, labels: labels) { .observed(read) }
    }

    private func instrument(
        _ name: String, help: String, type: MetricType, labels: [String: String], make: () -> MetricInstrument
    ) -> MetricInstrument {
        let key = MetricLabels(labels)
        return families.withLock { families in
            if families[name] == nil {
                precondition(isMetricName(name), "\(name) is no metric name")
                families[name] = MetricFamily(name: name, help: help, type: type)
            }
            precondition(families[name]?.type == type, "metric \(name) exists with another type")
            if let known = families[name]?.series[key] { return known }
            precondition(labels.keys.allSatisfy(isLabelName), "metric \(name) has a wrong label name")
            let isFull = (families[name]?.series.count ?? 0) >= seriesLimit
            let admitted = isFull ? MetricLabels(labels.mapValues { _ in "other" }) : key
            if let known = families[name]?.series[admitted] { return known }
            let made = make()
            families[name]?.series[admitted] = made
            return made
        }
    }

    /// The text for a scrape: version 0.0.4 of Prometheus' exposition format, names sorted.
    /// Its media type is ``contentType``.
    public func render() -> String {
        let families = families.withLock { Array($0.values) }
        var writer = MetricsWriter()
        for family in families.sorted(by: { $0.name < $1.name }) { writer.write(family) }
        return writer.text
    }

    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"
}

private func isMetricName(_ name: String) -> Bool { isName(name, extra: [":", "_"]) }
private func isLabelName(_ name: String) -> Bool { isName(name, extra: ["_"]) && !name.hasPrefix("__") }

private func isName(_ name: String, extra: [Character]) -> Bool {
    guard let first = name.first, !("0"..."9").contains(first) else { return false }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || ("0"..."9").contains($0) || extra.contains($0)) }
}
