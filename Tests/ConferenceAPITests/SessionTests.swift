import Conference
import HTTPServer
import Testing

@testable import ConferenceAPI

struct SessionTests {
    private let credentials: JSONValue = ["email": "ben@example.org", "password": "ben has a password"]

    @Test func signsInWithACookieThatScriptsCannotRead() async throws {
        let api = try await TestAPI()
        let response = try await api.send(.post, "/api/v1/session", credentials)

        #expect(response.status == .created)
        #expect(response.headers["Location"] == "/api/v1/session")
        #expect(response.headers["Set-Cookie"] == "session=cookie-1; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax")
        #expect(response.object.object("account")?.string("email") == "ben@example.org")
        #expect(response.object.string("expiresAt") == "2026-03-01T10:00:00.000Z")
        #expect(!String(decoding: response.bytes, as: UTF8.self).contains("cookie-1"))
    }

    @Test func makesTheCookieSecureUnderHTTPS() async throws {
        let api = try await TestAPI(publicURL: "https://meet.example.org")
        let response = try await api.send(.post, "/api/v1/session", credentials)
        #expect(
            response.headers["Set-Cookie"]
                == "__Host-session=cookie-1; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure")
        let read = try await api.send(.get, "/api/v1/session", headers: ["Cookie": "a=b; __Host-session=cookie-1"])
        #expect(read.status == .ok)
        #expect(
            try await api.send(.get, "/api/v1/session", headers: ["Cookie": "session=cookie-1"]).status == .unauthorized
        )
    }

    @Test(arguments: [("ben@example.org", "wrong"), ("nobody@example.org", "ben has a password"), ("no address", "x")])
    func tellsNotWhatWasWrong(email: String, password: String) async throws {
        let response = try await TestAPI().send(
            .post, "/api/v1/session", ["email": .string(email), "password": .string(password)])
        #expect(response.status == .unauthorized)
        #expect(response.code == "wrong_credentials")
        #expect(response.headers["WWW-Authenticate"] != nil)
        #expect(response.headers["Set-Cookie"] == nil)
    }

    @Test func endsTheSessionThatASignInReplaces() async throws {
        let api = try await TestAPI()
        let old = try await api.cookie(of: api.cleo)
        _ = try await api.send(.post, "/api/v1/session", credentials, headers: ["Cookie": "session=\(old)"])
        #expect(
            try await api.send(.get, "/api/v1/session", headers: ["Cookie": "session=\(old)"]).status == .unauthorized)
    }

    @Test func signsOut() async throws {
        let api = try await TestAPI()
        let cookie = try await api.cookie(of: api.ben)
        let response = try await api.send(.delete, "/api/v1/session", headers: ["Cookie": "session=\(cookie)"])
        #expect(response.status == .noContent)
        #expect(response.headers["Set-Cookie"] == "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        #expect(
            try await api.send(.get, "/api/v1/session", headers: ["Cookie": "session=\(cookie)"]).status
                == .unauthorized)
        #expect(try await api.send(.delete, "/api/v1/session").status == .noContent)
    }

    @Test func passesARenewedCookieOn() async throws {
        let api = try await TestAPI()
        api.sessions.alias(try await api.cookie(of: api.ben), as: "cookie-renewed")
        let response = try await api.send(.get, "/api/v1/session", headers: ["Cookie": "session=cookie-renewed"])
        #expect(response.headers["Set-Cookie"]?.hasPrefix("session=renewed; ") == true)

        let out = try await api.send(.delete, "/api/v1/session", headers: ["Cookie": "session=cookie-renewed"])
        #expect(out.headers["Set-Cookie"]?.hasPrefix("session=; ") == true)
    }

    @Test(arguments: [
        "session=", "session", "session=forged", "xsession=cookie-1", "session=cookie-1; session=cookie-2",
    ])
    func takesNoBrokenCookie(header: String) async throws {
        let api = try await TestAPI()
        _ = try await api.cookie(of: api.ben)
        #expect(try await api.send(.get, "/api/v1/session", headers: ["Cookie": header]).status == .unauthorized)
    }

    @Test func asksTheAccountWhileTheSessionStoreIsAway() async throws {
        let api = try await TestAPI()
        let cookie: HTTPHeaders = ["Cookie": "session=\(try await api.cookie(of: api.ben))"]
        api.sessions.isAway = true
        #expect(try await api.send(.get, "/api/v1/session", headers: cookie).status == .ok)

        _ = try await api.dependencies.accounts.change(api.ben, AccountChange(role: .admin), by: nil)
        _ = try await api.dependencies.accounts.change(api.ben, AccountChange(role: .member), by: nil)
        _ = try await api.dependencies.accounts.change(api.ben, AccountChange(isDisabled: true), by: nil)
        #expect(try await api.send(.get, "/api/v1/session", headers: cookie).status == .unauthorized)
    }

    @Test func trustsTheSignatureWhileTheDatabaseIsAwayToo() async throws {
        let api = try await TestAPI()
        let cookie: HTTPHeaders = ["Cookie": "session=\(try await api.cookie(of: api.ben))"]
        api.sessions.isAway = true
        api.accounts.outage = .unavailable(service: "database", cause: "")
        #expect(try await api.send(.get, "/api/v1/session", headers: cookie).status == .ok)
    }

    @Test func startsANewSessionWithANewPassword() async throws {
        let api = try await TestAPI()
        let old: HTTPHeaders = ["Cookie": "session=\(try await api.cookie(of: api.ben))"]
        let response = try await api.send(
            .put, "/api/v1/account/password",
            ["currentPassword": "ben has a password", "newPassword": "ben has another one"], headers: old)
        #expect(response.status == .noContent)
        let setting = try #require(response.headers["Set-Cookie"]?.split(separator: ";").first)
        #expect(try await api.send(.get, "/api/v1/session", headers: ["Cookie": String(setting)]).status == .ok)
        #expect(try await api.send(.get, "/api/v1/session", headers: old).status == .unauthorized)
    }
}
