import Platform

struct NotInTime: Error, CustomStringConvertible {
    let description: String
}

/// Waits until a condition of the outside world holds, and gives how long that took.
@discardableResult
func eventually(
    _ what: String, within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async throws -> Duration {
    let clock = ContinuousClock()
    let started = clock.now
    while clock.now - started < limit {
        if try await condition() { return clock.now - started }
        try await clock.sleep(for: .milliseconds(5))
    }
    throw NotInTime(description: "\(what) did not happen within \(limit)")
}
