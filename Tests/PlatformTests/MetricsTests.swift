import CLinux
import Testing

@testable import Platform

@Suite struct MetricsTests {
    @Test func rendersCountersAndGaugesWithHelpAndType() {
        let registry = MetricsRegistry()
        registry.counter("requests_total", help: "Requests.", labels: ["method": "GET", "code": "200"]).increment(by: 3)
        registry.gauge("connections", help: "Open connections.").set(7)
        #expect(
            registry.render() == """
                # HELP connections Open connections.
                # TYPE connections gauge
                connections 7
                # HELP requests_total Requests.
                # TYPE requests_total counter
                requests_total{code="200",method="GET"} 3

                """)
    }

    @Test func escapesHelpAndLabelValues() {
        let registry = MetricsRegistry()
        registry.counter("a_total", help: "One\\two\n\"three\"", labels: ["l": "a\\b\"c\nd"]).increment()
        #expect(registry.render().contains("# HELP a_total One\\\\two\\n\"three\"\n"))
        #expect(registry.render().contains("a_total{l=\"a\\\\b\\\"c\\nd\"} 1\n"))
    }

    @Test func histogramBucketsAreCumulativeAndInclusive() {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("wait_seconds", help: "Waits.", buckets: [0.1, 1], labels: ["pool": "a"])
        for value in [0.05, 0.1, 0.5, 3] { histogram.observe(value) }
        histogram.observe(.milliseconds(350))
        #expect(
            registry.render() == """
                # HELP wait_seconds Waits.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{pool="a",le="0.1"} 2
                wait_seconds_bucket{pool="a",le="1"} 4
                wait_seconds_bucket{pool="a",le="+Inf"} 5
                wait_seconds_sum{pool="a"} 4
                wait_seconds_count{pool="a"} 5

                """)
    }

    @Test func sameNameAndLabelsGiveTheSameInstrument() {
        let registry = MetricsRegistry()
        let first = registry.counter("a_total", help: "", labels: ["x": "1", "y": "2"])
        #expect(first === registry.counter("a_total", help: "", labels: ["y": "2", "x": "1"]))
        #expect(first !== registry.counter("a_total", help: "", labels: ["x": "2", "y": "1"]))
    }

    @Test func seriesBeyondTheLimitShareOne() {
        let registry = MetricsRegistry(seriesLimit: 2)
        for index in 1...5 { registry.counter("a_total", help: "", labels: ["n": "\(index)"]).increment() }
        let text = registry.render()
        #expect(text.contains("a_total{n=\"2\"} 1\n"))
        #expect(text.contains("a_total{n=\"other\"} 3\n"))
        #expect(!text.contains("n=\"3\""))
    }

    @Test func observedValuesAreReadWhenRendered() {
        let registry = MetricsRegistry()
        registry.observedGauge("a", help: "") { 1.5 }
        registry.observedGauge("b", help: "") { .infinity }
        registry.observedGauge("c", help: "") { nil }
        let text = registry.render()
        #expect(text.contains("\na 1.5\n"))
        #expect(text.contains("\nb +Inf\n"))
        #expect(!text.contains("\nc "))
    }

    @Test func countsFromManyThreadsAreExact() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let counter = registry.counter("a_total", help: "")
                    let histogram = registry.histogram("b", help: "", buckets: [1])
                    for _ in 0..<10_000 {
                        counter.increment()
                        histogram.observe(0.5)
                    }
                }
            }
        }
        #expect(registry.counter("a_total", help: "").value == 80_000)
        #expect(registry.render().contains("b_sum 40000\n"))
        #expect(registry.render().contains("b_count 80000\n"))
    }

    @Test func processMetricsAreTrueToTheProcess() throws {
        let registry = MetricsRegistry()
        ProcessMetrics.register(in: registry)
        let text = registry.render()
        for name in [
            "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_cpu_seconds_total",
            "process_open_fds",
            "process_max_fds", "process_threads", "process_start_time_seconds",
        ] {
            let line = try #require(
                text.split(separator: "\n").first { $0.hasPrefix(name + " ") }, "\(name) is missing")
            let value = try #require(Double(line.dropFirst(name.count + 1)))
            #expect(value > 0)
        }
        let start = try #require(ProcessMetrics.startTime())
        let age = Double(wallClockNow().tv_sec) - start
        #expect(age > -2 && age < 3600)
    }
}
