import Conference
import HTTPServer

/// Trying out the connection to the media server before a meeting.
struct ConnectionTestRoutes: Sendable {
    private let tests: ConnectionTestService
    private let liveKitURL: String

    init(_ dependencies: APIDependencies) {
        tests = dependencies.connectionTests
        liveKitURL = dependencies.settings.liveKitURL
    }

    private static let request = Schema.named(
        "ConnectionTestRequest",
        .object(
            .optional(
                "joinCode",
                .string(1...64).nullable.described("The code of a meeting's link, from those who aren't signed in."))))

    private static let schema = Schema.named(
        "ConnectionTest",
        .object(
            .required("url", .string().described("Where LiveKit is.")),
            .required("senderToken", .string().described("LiveKit's token of the one who sends. Secret.")),
            .required("receiverToken", .string().described("LiveKit's token of the one who receives. Secret.")),
            .required("expiresAt", .time.described("Until when the tokens may be used to connect."))))

    var operations: [Operation] {
        [
            Operation(
                method: .post, template: "/api/v1/connection-tests", id: "beginConnectionTest", tag: "Joining",
                summary: "Get what a test of one's connection needs",
                detail: """
                    A room that belongs to no meeting, and two tokens for it: what the first one sends, the second one shall \
                    receive. For those who are signed in, and for those who have a meeting's link.
                    """,
                access: .anyoneOrAccount,
                content: Operation.Content(
                    schema: ConnectionTestRoutes.request, example: ["joinCode": .string(Examples.joinCode)]),
                answers: [
                    Operation.Answer(
                        status: .created, summary: "The room is there.", schema: ConnectionTestRoutes.schema,
                        example: [
                            "url": "wss://meet.example.org", "senderToken": "eyJhbGciOiJIUzI1NiJ9.e30.c2VuZGVy",
                            "receiverToken": "eyJhbGciOiJIUzI1NiJ9.e30.cmVjZWl2ZXI",
                            "expiresAt": "2026-03-02T09:05:00.000Z",
                        ])
                ],
                problems: [.unauthenticated, .notFound(.meeting), .tooManyAttempts]
            ) { call in
                try await begin(call)
            }
        ]
    }

    private func begin(_ call: Call) async throws -> HTTPResponse {
        let text = call.body.string("joinCode")
        let code = text.flatMap { JoinCode($0) }
        if text != nil, code == nil, call.session == nil { throw ConferenceError.notFound(.meeting) }
        let test = try await tests.begin(
            by: call.session?.principal, invitedTo: code, from: call.request.clientAddress)
        return .json(.created) { writer in
            writer.member("url", liveKitURL)
            writer.member("senderToken", test.senderToken)
            writer.member("receiverToken", test.receiverToken)
            writer.member("expiresAt", test.expiresAt)
        }
    }
}
