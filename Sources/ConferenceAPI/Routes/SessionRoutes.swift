import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Signing in and out.
struct SessionRoutes: Sendable {
    private let accounts: AccountService
    private let sessions: any SessionStoring
    private let limiter: any RateLimiting
    private let limits: RateLimits
    private let cookie: Cookie
    private let clock: any WallClock

    init(_ dependencies: APIDependencies) {
        accounts = dependencies.accounts
        sessions = dependencies.sessions
        limiter = dependencies.limiter
        limits = dependencies.settings.rateLimits
        cookie = Cookie(isSecure: dependencies.settings.isHTTPS)
        clock = dependencies.clock
    }

    private static let template = "/api/v1/session"

    var operations: [Operation] {
        [
            Operation(
                method: .post, template: SessionRoutes.template, id: "createSession", tag: "Session",
                summary: "Sign in",
                detail: "Sets the session's cookie. A session that the request carried ends.",
                access: .anyone, rateLimit: .guessing,
                content: Operation.Content(
                    schema: AccountSchemas.credentials,
                    example: ["email": "ada@example.org", "password": "correct horse battery"]),
                answers: [
                    Operation.Answer(
                        status: .created, summary: "Signed in.", schema: AccountSchemas.session,
                        example: Examples.session,
                        headers: [("Set-Cookie", "The session's cookie."), ("Location", "The session.")])
                ],
                problems: [.wrongCredentials, .tooManyAttempts], handler: signIn),
            Operation(
                method: .get, template: SessionRoutes.template, id: "getSession", tag: "Session",
                summary: "Who is signed in",
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "The session.", schema: AccountSchemas.session,
                        example: Examples.session)
                ],
                handler: { call in
                    guard let session = call.session else { throw ConferenceError.notAuthenticated }
                    return HTTPResponse.json { writer in SessionRoutes.write(session, to: &writer) }
                }),
            Operation(
                method: .delete, template: SessionRoutes.template, id: "deleteSession", tag: "Session",
                summary: "Sign out", detail: "Also without a session, so that it can be repeated.", access: .anyone,
                answers: [
                    Operation.Answer(status: .noContent, summary: "Nobody is signed in any more.", contentType: nil)
                ],
                handler: signOut),
        ]
    }

    private func signIn(_ call: Call) async throws -> HTTPResponse {
        guard let email = call.body.string("email"), let password = call.body.string("password") else {
            throw ConferenceError.wrongCredentials
        }
        // By the address that counts, or changing its case would give a guesser a new bucket.
        let key = (try? EmailAddress(email))?.text ?? "invalid"
        let decision = await limiter.take(limits.signInPerEmail, key: "email \(key)")
        guard decision.allowed else {
            throw ConferenceError.tooManyAttempts(retryAfter: decision.retryAfter ?? decision.resetAfter)
        }
        let account = try await accounts.authenticate(email: email, password: password)
        if let earlier = cookie.value(in: call.request) { await sessions.revoke(cookie: earlier) }
        call.request.attributes[RequestNotes.self]?.note { $0.accountID = account.id.description }
        let issued = await sessions.create(for: SessionAccount(account))
        return HTTPResponse.json(
            .created, headers: ["Location": SessionRoutes.template, "Set-Cookie": setting(issued)]
        ) { writer in
            SessionRoutes.write(issued.session, to: &writer)
        }
    }

    private func signOut(_ call: Call) async throws -> HTTPResponse {
        if let value = cookie.value(in: call.request) { await sessions.revoke(cookie: value) }
        return HTTPResponse(.noContent, headers: ["Set-Cookie": cookie.removal])
    }

    private func setting(_ issued: IssuedSession) -> String {
        cookie.setting(issued.cookie, until: issued.session.expiresAt, now: clock.now)
    }

    private static func write(_ session: Session, to writer: inout JSONWriter) {
        writer.object("account") { writer in
            writer.member("id", AccountID(session.accountID))
            writer.member("email", session.email)
            writer.member("displayName", session.displayName)
            writer.member("role", session.role.rawValue)
        }
        writer.member("createdAt", session.createdAt)
        writer.member("expiresAt", session.expiresAt)
    }
}

extension SessionAccount {
    init(_ account: Account) {
        self.init(
            id: account.id.uuid, role: account.role, email: account.email.text,
            displayName: account.displayName.text)
    }
}
