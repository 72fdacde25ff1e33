import Conference
import Platform

/// How many recordings are in which state, and how they ended.
public final class RecordingMetrics: Sendable {
    let errors: Counter
    private let unfinished: [RecordingState: Gauge]
    private let ended: [RecordingState: Counter]

    public init(_ registry: MetricsRegistry) {
        errors = registry.counter(
            "recording_keeper_errors_total", help: "Rounds of looking after recordings that failed.")
        unfinished = Dictionary(
            uniqueKeysWithValues: RecordingState.allCases.filter { $0 != .ready && $0 != .failed }.map { state in
                (
                    state,
                    registry.gauge(
                        "recordings_unfinished", help: "Recordings that are neither ready nor failed, by state.",
                        labels: ["state": state.rawValue])
                )
            })
        ended = Dictionary(
            uniqueKeysWithValues: [RecordingState.ready, .failed].map { state in
                (
                    state,
                    registry.counter(
                        "recordings_ended_total", help: "Recordings that this instance found ready or failed.",
                        labels: ["outcome": state.rawValue])
                )
            })
    }

    func show(_ counts: [RecordingState: Int]) {
        for (state, gauge) in unfinished { gauge.set(counts[state] ?? 0) }
    }

    /// Counts a change of state.
    public func note(_ state: RecordingState) { ended[state]?.increment() }
}
