import Conference
import FoundationEssentials
import HTTPServer

/// Finds the session of a request's cookie and the participant of its key, for the operations that want them.
struct Authentication: Middleware {
    let cookie: Cookie
    let sessions: any SessionStoring
    let accounts: AccountService
    let keys: any ParticipantKeySigning
    let clock: any WallClock
    let index: OperationIndex<Operation.Access>

    func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        guard let access = index.find(request), access != .anyone, access != .mediaServer else {
            return try await next(request)
        }
        var request = request
        if access == .meeting, let key = Authentication.bearer(request.headers["Authorization"]) {
            request.attributes[ParticipantClaim.self] = keys.claim(of: key, at: clock.now)
        }
        guard let value = cookie.value(in: request), let found = await sessions.find(cookie: value),
            let session = await judge(found)
        else { return try await next(request) }
        request.attributes[Session.self] = session
        request.attributes[RequestNotes.self]?.note { $0.accountID = AccountID(session.accountID).description }
        var response = try await next(request)
        // An answer that sets the cookie itself, as signing out does, has the last word.
        if let renewed = found.renewedCookie, response.headers["Set-Cookie"] == nil {
            response.headers["Set-Cookie"] = cookie.setting(renewed, until: session.expiresAt, now: clock.now)
        }
        return response
    }

    /// The token of a `Bearer` credential (RFC 6750, section 2.1).
    private static func bearer(_ credentials: String?) -> String? {
        guard let credentials, credentials.utf8.count > 7, credentials.prefix(7).lowercased() == "bearer " else {
            return nil
        }
        return String(credentials.dropFirst(7))
    }

    /// The session, unless its account lost it. While the session store is away the database is asked; with that away
    /// too, the signature has to do, and whatever needs the database fails by itself.
    private func judge(_ found: FoundSession) async -> Session? {
        guard !found.isConfirmed else { return found.session }
        do {
            let account = try await accounts.confirm(found.session)
            return Session(
                accountID: found.session.accountID, role: account.role, email: account.email.text,
                displayName: account.displayName.text, createdAt: found.session.createdAt,
                expiresAt: found.session.expiresAt)
        } catch ConferenceError.unavailable {
            return found.session
        } catch {
            return nil
        }
    }
}
