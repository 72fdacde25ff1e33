import Conference
import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

struct AnswerHeadersTests {
    @Test(arguments: ["/api/v1/session", "/nowhere", "/api/v1/configuration", "/health"])
    func addsSecurityHeadersToEveryAnswer(path: String) async throws {
        let headers = try await TestAPI().send(.get, path).headers

        #expect(headers["X-Content-Type-Options"] == "nosniff")
        #expect(headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'")
        #expect(headers["Referrer-Policy"] == "no-referrer")
        #expect(headers["Cross-Origin-Resource-Policy"] == "same-site")
        #expect(headers["X-Request-Id"] == "request-1")
        #expect(headers["Cache-Control"] != nil)
        #expect(headers["Strict-Transport-Security"] == nil)
    }

    @Test func pinsBrowsersToHTTPSWhereItIsSpoken() async throws {
        let response = try await TestAPI(publicURL: "https://meet.example.org").send(.get, "/nowhere")
        #expect(response.headers["Strict-Transport-Security"]?.hasPrefix("max-age=31536000") == true)
    }

    @Test func keepsAnswersOutOfCachesUnlessTheRouteSaysOtherwise() async throws {
        let api = try await TestAPI()
        #expect(try await api.send(.get, "/api/v1/session", as: api.ben).headers["Cache-Control"] == "no-store")
        #expect(try await api.send(.get, "/api/v1/configuration").headers["Cache-Control"] == "public, max-age=60")
    }
}

struct AccessLogTests {
    @Test func logsOneLineWithTheRoutesTemplateAndNothingSecret() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()

        _ = try await api.send(.get, "/api/v1/join/\(meeting.joinCode)?token=hidden")
        _ = try await api.send(.get, "/api/v1/meetings/\(meeting.id)", as: api.ben)

        let entries = api.sink.entries.filter { $0.component == "http" }
        #expect(entries.count == 2)
        #expect(entries[0].fields["http_route"] == "/api/v1/join/{code}")
        #expect(!entries[0].fields.values.contains { $0.contains(meeting.joinCode.text) || $0.contains("hidden") })
        #expect(entries[1].fields["meeting_id"] == meeting.id.description)
        #expect(entries[1].fields["account_id"] == api.ben.description)
        #expect(entries[1].fields["http_method"] == "GET")
        #expect(entries[1].fields["http_status"] == "200")
        #expect(entries[1].fields["request_id"] == "request-1")
        #expect(entries[1].fields["client_address"] == "192.0.2.7")
        #expect(entries[1].fields["duration_ms"]?.contains(".") == true)
    }

    @Test func writesMillisecondsWithThreeDigits() {
        #expect(AccessLog.milliseconds(.microseconds(1_234_005)) == "1234.005")
        #expect(AccessLog.milliseconds(.zero) == "0.000")
    }

    @Test func logsWhatHasNoRouteWithoutItsPath() async throws {
        let api = try await TestAPI()
        _ = try await api.send(.get, "/secret/path")
        #expect(api.sink.entries.last?.fields["http_route"] == "none")
    }
}

struct RequestMetricsTests {
    @Test func countsByMethodRouteAndStatus() async throws {
        let api = try await TestAPI()
        for _ in 0..<3 { _ = try await api.send(.get, "/api/v1/meetings/not-an-id", as: api.ben) }
        _ = try await api.send(.get, "/nowhere")

        let text = api.metrics.render()

        #expect(
            text.contains(
                "http_requests_total{method=\"GET\",route=\"/api/v1/meetings/{meeting_id}\",status=\"404\"} 3"))
        #expect(text.contains("http_requests_total{method=\"other\",route=\"none\",status=\"404\"} 1"))
        #expect(
            text.contains(
                "http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/meetings/{meeting_id}\"} 3"))
        #expect(text.contains("http_requests_in_flight 0"))
    }
}

struct SelfCheckTests {
    @Test func isAnsweredButNeitherLoggedNorCounted() async throws {
        let api = try await TestAPI()
        var request = HTTPRequest(method: .get, path: "/health/live", clientAddress: "watchdog", id: "watchdog")
        request.attributes[SelfCheck.self] = SelfCheck()
        #expect(await api.router.respond(to: request).status == .ok)
        #expect(!api.sink.entries.contains { $0.component == "http" })
        #expect(!api.dependencies.metrics.render().contains("http_requests_total"))

        request.attributes[SelfCheck.self] = nil
        _ = await api.router.respond(to: request)
        #expect(api.sink.entries.contains { $0.component == "http" })
        #expect(api.dependencies.metrics.render().contains("http_requests_total"))
    }
}

struct CrossOriginSharingTests {
    @Test(arguments: [TestAPI.frontend, "http://localhost:3001", "https://other.example.org"])
    func letsConfiguredOriginsReadAnswers(origin: String) async throws {
        let headers = try await TestAPI().send(.get, "/api/v1/configuration", headers: ["Origin": origin]).headers
        #expect(headers["Access-Control-Allow-Origin"] == origin)
        #expect(headers["Access-Control-Allow-Credentials"] == "true")
        #expect(headers["Access-Control-Expose-Headers"]?.contains("ETag") == true)
        #expect(headers.values("Vary").contains("Origin"))
    }

    @Test(arguments: [
        "http://localhost:3000.evil.example", "null", "http://LOCALHOST:3000", "https://localhost:3000", "",
    ])
    func tellsOtherOriginsNothing(origin: String) async throws {
        let api = try await TestAPI()
        let headers = try await api.send(.get, "/api/v1/configuration", headers: ["Origin": origin]).headers
        #expect(headers["Access-Control-Allow-Origin"] == nil)
        #expect(headers["Access-Control-Allow-Credentials"] == nil)
        #expect(headers.values("Vary").contains("Origin"))

        let preflight = try await api.send(
            .options, "/api/v1/meetings", headers: ["Origin": origin, "Access-Control-Request-Method": "POST"])
        #expect(preflight.headers["Access-Control-Allow-Methods"] == nil)
    }

    @Test func answersPreflights() async throws {
        let api = try await TestAPI()
        let response = try await api.send(
            .options, "/api/v1/meetings/x",
            headers: [
                "Origin": TestAPI.frontend, "Access-Control-Request-Method": "PATCH",
                "Access-Control-Request-Headers": "content-type,if-match",
            ])
        #expect(response.status == .noContent)
        #expect(response.headers["Access-Control-Allow-Origin"] == TestAPI.frontend)
        #expect(response.headers["Access-Control-Allow-Methods"]?.contains("PATCH") == true)
        #expect(
            response.headers["Access-Control-Allow-Headers"]
                == "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID")
        #expect(response.headers["Access-Control-Max-Age"] == "7200")
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        #expect(api.limiter.taken.isEmpty)
    }

    @Test func letsProblemsBeReadToo() async throws {
        let headers = try await TestAPI().send(.get, "/api/v1/session", headers: ["Origin": TestAPI.frontend]).headers
        #expect(headers["Access-Control-Allow-Origin"] == TestAPI.frontend)
    }

    @Test(arguments: [
        ("HTTP://Localhost:3000/", "http://localhost:3000"),
        ("https://meet.example.org:443/x", "https://meet.example.org"),
        ("http://meet.example.org:80", "http://meet.example.org"), ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://meet.example.org:80", "https://meet.example.org:80"),
    ])
    func readsTheOriginOfAURL(url: String, origin: String) {
        #expect(APISettings.origin(of: url) == origin)
    }
}

struct CrossSiteDefenceTests {
    private func post(_ headers: HTTPHeaders) async throws -> HTTPResponse {
        let api = try await TestAPI()
        return try await api.send(.post, "/api/v1/meetings", ["title": "Weekly"], as: api.ben, headers: headers)
    }

    @Test(
        arguments: [
            [:], ["Origin": "http://localhost:3000"],
            ["Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"],
            ["Sec-Fetch-Site": "same-origin"], ["Sec-Fetch-Site": "none"],
        ] as [[String: String]])
    func letsOurOwnPagesAndOtherProgramsAct(headers: [String: String]) async throws {
        #expect(try await post(HTTPHeaders(headers)).status == .created)
    }

    @Test(
        arguments: [
            ["Origin": "https://evil.example"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"],
            ["Sec-Fetch-Site": "same-site"], ["Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"],
        ] as [[String: String]])
    func refusesPagesOfOtherSites(headers: [String: String]) async throws {
        let response = try await post(HTTPHeaders(headers))
        #expect(response.status == .forbidden)
        #expect(response.code == "cross_site_request")
    }

    @Test func letsEveryPageRead() async throws {
        let api = try await TestAPI()
        let response = try await api.send(
            .get, "/api/v1/meetings", as: api.ben, headers: ["Origin": "https://evil.example"])
        #expect(response.status == .ok)
        #expect(response.headers["Access-Control-Allow-Origin"] == nil)
    }
}

struct RateLimitTests {
    @Test func countsByAccountAndWithoutOneByAddress() async throws {
        let api = try await TestAPI()
        let known = try await api.send(.get, "/api/v1/session", as: api.ben)
        _ = try await api.send(.get, "/api/v1/session")
        _ = try await api.send(.get, "/nowhere")

        #expect(
            api.limiter.taken == [
                "general account \(api.ben)", "general address 192.0.2.7", "general address 192.0.2.7",
            ])
        #expect(known.headers["RateLimit-Policy"] == "\"general\";q=300;w=15")
        #expect(known.headers["RateLimit"] == "\"general\";r=299;t=2")
    }

    @Test func refusesWithTheTimeToWait() async throws {
        let api = try await TestAPI()
        api.limiter.refuse("general account \(api.ben)")

        let response = try await api.send(.get, "/api/v1/session", as: api.ben)

        #expect(response.status == .tooManyRequests)
        #expect(response.code == "rate_limited")
        #expect(response.headers["Retry-After"] == "3")
        #expect(response.headers["RateLimit"] == "\"general\";r=0;t=2")
        #expect(try await api.send(.get, "/api/v1/session", as: api.cleo).status == .ok)
    }

    @Test(arguments: ["/health", "/health/ready", "/health/live", "/metrics"])
    func letsProbesThrough(path: String) async throws {
        let api = try await TestAPI()
        _ = try await api.send(.get, path)
        #expect(api.limiter.taken.isEmpty)
    }

    @Test func limitsSignInByAddressAndByEmail() async throws {
        let api = try await TestAPI()
        let body: JSONValue = ["email": " BEN@Example.org ", "password": "wrong"]
        _ = try await api.send(.post, "/api/v1/session", body)
        #expect(api.limiter.taken == ["sign-in address 192.0.2.7", "sign-in-email email ben@example.org"])

        api.limiter.refuse("sign-in-email email ben@example.org")
        let response = try await api.send(.post, "/api/v1/session", body)
        #expect(response.status == .tooManyRequests)
        #expect(response.code == "too_many_attempts")
        #expect(response.headers["Retry-After"] == "3")
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"),
        ("::1", "0:0:0:0::/64"), ("unix", "unix"), ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
    ])
    func countsAHouseholdOfIPv6AddressesAsOne(address: String, key: String) {
        #expect(RateLimit.network(address) == key)
    }
}

extension HTTPHeaders {
    init(_ fields: [String: String]) {
        self.init()
        for (name, value) in fields { add(name, value) }
    }
}
