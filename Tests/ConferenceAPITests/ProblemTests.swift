import Conference
import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

struct ProblemTests {
    @Test func rendersProblemDetails() throws {
        let problem = HTTPProblem(
            .conflict, code: "meeting_full", title: "Meeting full", detail: "No \"seat\".", headers: ["X-A": "b"],
            fields: [HTTPProblem.Field(pointer: "/a", detail: "is wrong")])
        let request = HTTPRequest(method: .get, path: "/", clientAddress: "192.0.2.7", id: "abc")

        let response = ProblemRenderer.render(problem, of: request)

        #expect(response.status == .conflict)
        #expect(response.headers["Content-Type"] == "application/problem+json")
        #expect(response.headers["X-A"] == "b")
        #expect(response.headers["X-Request-Id"] == "abc")
        #expect(
            response.json == [
                "type": "urn:livekit-conference:problem:meeting_full", "title": "Meeting full", "status": 409,
                "detail": "No \"seat\".", "instance": "urn:livekit-conference:request:abc", "code": "meeting_full",
                "errors": [["pointer": "/a", "detail": "is wrong"]],
            ])
        #expect(ProblemRenderer.schema.problems(of: response.json) == [])
    }

    @Test(
        arguments: [
            (.notFound(.meeting), 404, "meeting_not_found"), (.notFound(.account), 404, "account_not_found"),
            (.notAuthenticated, 401, "not_authenticated"), (.forbidden, 403, "forbidden"),
            (.conflict(.emailTaken), 409, "email_taken"), (.conflict(.staleVersion), 409, "stale_version"),
            (.conflict(.lastAdministrator), 409, "last_administrator"), (.conflict(.duplicate), 409, "duplicate"),
            (.conflict(.meetingHasRecordings), 409, "meeting_has_recordings"), (.invalid([]), 422, "invalid"),
            (.wrongCredentials, 401, "wrong_credentials"), (.passcodeRequired, 403, "passcode_required"),
            (.wrongPasscode, 403, "wrong_passcode"), (.tooManyAttempts(retryAfter: .zero), 429, "too_many_attempts"),
            (.meetingLocked, 409, "meeting_locked"), (.meetingFull, 409, "meeting_full"),
            (.meetingEnded, 409, "meeting_ended"), (.busy(retryAfter: .zero), 503, "busy"),
            (.notAdmitted, 403, "not_admitted"), (.notInMeeting, 403, "not_in_meeting"),
            (.unavailable(service: "database", cause: "secret"), 503, "unavailable"),
            (.unexpected(cause: "secret"), 500, "internal_error"),
        ] as [(ConferenceError, Int, String)])
    func mapsEachDomainErrorToOneProblem(error: ConferenceError, status: Int, code: String) {
        let problem = HTTPProblem(error)

        #expect(problem.status.rawValue == status)
        #expect(problem.code == code)
        #expect(!problem.detail.contains("secret"))
        #expect(!problem.title.isEmpty)
    }

    @Test func saysWhenToComeBack() {
        #expect(
            HTTPProblem(ConferenceError.tooManyAttempts(retryAfter: .milliseconds(1001))).headers["Retry-After"] == "2")
        #expect(HTTPProblem(ConferenceError.busy(retryAfter: .zero)).headers["Retry-After"] == "1")
        #expect(HTTPProblem(ConferenceError.unavailable(service: "database", cause: "")).headers["Retry-After"] == "2")
    }

    @Test func namesTheServiceThatIsAway() {
        #expect(HTTPProblem(ConferenceError.unavailable(service: "database", cause: "")).detail.contains("database"))
    }

    @Test func turnsTheDomainsFieldsIntoPointers() {
        let error = ConferenceError.invalid([
            FieldProblem("settings.capacity", "must be smaller"), FieldProblem("", "x"),
        ])
        #expect(HTTPProblem(error).fields.map(\.pointer) == ["/settings/capacity", ""])
    }

    @Test func answersWithoutInternalsWhenTheDatabaseIsAway() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        api.meetings.outage = .unavailable(service: "database", cause: "connect to 10.0.0.5 failed")

        let response = try await api.send(.get, "/api/v1/meetings/\(meeting.id)", as: api.ben)

        #expect(response.status == .serviceUnavailable)
        #expect(response.headers["Retry-After"] == "2")
        #expect(!String(decoding: response.bytes, as: UTF8.self).contains("10.0.0.5"))
        let entry = try #require(api.sink.entries.last)
        #expect(entry.fields["problem"] == "unavailable")
        #expect(entry.fields["cause"]?.contains("10.0.0.5") == true)
    }

    @Test func answersAnUnexpectedErrorWithTheRequestIdAlone() async throws {
        let api = try await TestAPI()
        api.meetings.outage = .unexpected(cause: "row without a title")

        let response = try await api.send(.get, "/api/v1/meetings", as: api.ben)

        #expect(response.status == .internalServerError)
        #expect(response.object.string("instance") == "urn:livekit-conference:request:request-1")
        #expect(!String(decoding: response.bytes, as: UTF8.self).contains("title\":\"row"))
        #expect(api.sink.entries.last?.fields["cause"]?.contains("row without a title") == true)
    }
}
