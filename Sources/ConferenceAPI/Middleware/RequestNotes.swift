import Platform

/// What is found out about a request on its way and the access log wants to know. Requests are values, so notes reach the
/// log only through something shared.
final class RequestNotes: Sendable {
    struct Content: Sendable {
        var meetingID: String?
        var accountID: String?
        /// The problem's code, when the answer is one.
        var problem: String?
        /// Why the server failed; only for the log.
        var cause: String?
    }

    private let state = Lock(Content())

    var content: Content { state.withLock { $0 } }

    func note(_ change: (inout Content) -> Void) { state.withLock { change(&$0) } }
}
