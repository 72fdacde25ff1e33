import Platform

/// What was sent and is waiting for the server's answer. Confined to the connection's loop.
struct PostgresOperation {
    enum Output: Sendable {
        case one(PostgresResult)
        case many([Result<PostgresResult, PostgresError>])
    }

    /// A part of a pipeline, in the order of the server's answers.
    struct Step {
        enum Action { case begin, deallocate, prepare, describe, execute, sync }

        let action: Action
        var statement: PreparedStatement?
        /// The place of the caller's statement that this step serves.
        var owner = 0
    }

    let serial: UInt64
    /// Nil once the caller no longer waits, because of its cancellation or the time limit.
    var continuation: UnsafeContinuation<Output, any Error>?
    /// The caller's time limit; after it, the limit for reading what is left.
    var deadline: MonotonicTime
    /// Nil for a single statement outside of pipeline mode.
    var steps: [Step]?
    var currentStep = 0
    var stepHasResult = false
    /// Whether the caller gets one result, so that any step's error is its error.
    let wantsOne: Bool
    /// The one statement, outside of pipeline mode, when it is a prepared one.
    var statement: PreparedStatement?
    var results: [Result<PostgresResult, PostgresError>?]

    var output: Result<Output, PostgresError> {
        let filled = results.map { $0 ?? .failure(.pipelineAborted) }
        guard wantsOne else { return .success(.many(filled)) }
        return (filled.first ?? .failure(.pipelineAborted)).map(Output.one)
    }

    /// The first error of a statement counts; a success only when there is none.
    mutating func record(_ result: Result<PostgresResult, PostgresError>, owner: Int) {
        guard results.indices.contains(owner) else { return }
        if case .failure = results[owner] { return }
        results[owner] = result
    }
}
