import Conference
import Postgres

/// What a store does with PostgreSQL's errors.
enum StoreError {
    /// Runs `body` and turns the client's errors into the domain's. `conflict` names the violated constraints that the
    /// caller expects.
    static func mapped<Value: Sendable>(
        _ constraints: [String: ConferenceError.Conflict] = [:], _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw conferenceError(error, constraints)
        }
    }

    static func conferenceError(
        _ error: PostgresError, _ constraints: [String: ConferenceError.Conflict] = [:]
    ) -> ConferenceError {
        if let constraint = error.constraint, let conflict = constraints[constraint] { return .conflict(conflict) }
        return isOutage(error)
            ? .unavailable(service: "database", cause: "\(error)") : .unexpected(cause: "database: \(error)")
    }

    /// Whether it is the database's state, not our statement, that is at fault, so that a later try may succeed.
    private static func isOutage(_ error: PostgresError) -> Bool {
        if error.isUnavailable || error.isRetryable || error == .timeout { return true }
        guard let state = error.sqlState else { return false }
        // 08 connection, 25006 read-only, 53 resources, 55P03 lock, 57 operator intervention, 58 system error.
        return ["08", "53", "57", "58"].contains(state.errorClass) || ["25006", "55P03"].contains(state.rawValue)
    }
}
