import Conference
import FoundationEssentials
import HTTPServer

/// Finds the session of a request's cookie, for the operations that want one.
struct Authentication: Middleware {
    let cookie: Cookie
    let sessions: any SessionStoring
    let accounts: AccountService
    let clock: any WallClock
    let index: OperationIndex<Operation.Access>

    func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        guard let access = index.find(request), access != .anyone, let value = cookie.value(in: request),
            let found = await sessions.find(cookie: value), let session = await judge(found)
        else { return try await next(request) }
        var request = request
        request.attributes[Session.self] = session
        request.attributes[RequestNotes.self]?.note { $0.accountID = AccountID(session.accountID).description }
        var response = try await next(request)
        // An answer that sets the cookie itself, as signing out does, has the last word.
        if let renewed = found.renewedCookie, response.headers["Set-Cookie"] == nil {
            response.headers["Set-Cookie"] = cookie.setting(renewed, until: session.expiresAt, now: clock.now)
        }
        return response
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
