/// Writes metric families in Prometheus' text format
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
struct MetricsWriter {
    private(set) var text = ""

    mutating func write(_ family: MetricFamily) {
        text += "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
        text += "# TYPE \(family.name) \(family.type.rawValue)\n"
        let series = family.series.map { (labels: render($0.key.pairs), instrument: $0.value) }
        for (labels, instrument) in series.sorted(by: { $0.labels < $1.labels }) {
            switch instrument {
            case .counter(let counter): line(family.name, labels, String(counter.value))
            case .gauge(let gauge): line(family.name, labels, String(gauge.value))
            case .observed(let read):
                if let value = read() { line(family.name, labels, number(value)) }
            case .histogram(let histogram): write(histogram, name: family.name, labels: labels)
            }
        }
    }

    private mutating func write(_ histogram: Histogram, name: String, labels: String) {
        let (counts, sum) = histogram.snapshot()
        var cumulative = 0
        for (index, count) in counts.enumerated() {
            cumulative += count
            let bound = index < histogram.bounds.count ? number(histogram.bounds[index]) : "+Inf"
            line(name + "_bucket", (labels.isEmpty ? "" : labels + ",") + "le=\"\(bound)\"", String(cumulative))
        }
        line(name + "_sum", labels, number(sum))
        line(name + "_count", labels, String(cumulative))
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    private func render(_ labels: [MetricLabels.Pair]) -> String {
        labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
    }

    private func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return String(value)
    }
}
