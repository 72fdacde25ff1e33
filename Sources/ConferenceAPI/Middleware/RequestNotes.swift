import Synchronization

/// What a handler finds out about its request and the access log wants to know. Requests are values, so notes reach the
/// log only through something shared.
final class RequestNotes: Sendable {
    private let state = Mutex<(meeting: String?, account: String?)>((nil, nil))

    var meetingID: String? {
        get { state.withLock { $0.meeting } }
        set { state.withLock { $0.meeting = newValue } }
    }

    var accountID: String? {
        get { state.withLock { $0.account } }
        set { state.withLock { $0.account = newValue } }
    }
}
