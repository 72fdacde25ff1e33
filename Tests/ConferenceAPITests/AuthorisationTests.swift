import Conference
import ConferenceTestSupport
import FoundationEssentials
import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

/// Who may do what: a table with one line an operation. An operation without its line fails, as does a line too many.
struct AuthorisationTests {
    /// The status that each kind of caller gets: nobody signed in, the owner of the meeting or account, another
    /// member, an administrator; and with a participant's key, a guest who was let in and one who waits in the lobby.
    struct Line: Sendable {
        let anonymous: Int
        let owner: Int
        let other: Int
        let admin: Int
        let guest: Int
        let waiting: Int

        /// - Parameters:
        ///   - guest, waiting: left out where a participant's key means nothing.
        init(
            _ anonymous: Int, _ owner: Int, _ other: Int, _ admin: Int, guest: Int? = nil, waiting: Int? = nil
        ) {
            self.guest = guest ?? anonymous
            self.waiting = waiting ?? anonymous
            self.anonymous = anonymous
            self.owner = owner
            self.other = other
            self.admin = admin
        }
    }

    static let matrix: [String: Line] = [
        "createSession": Line(201, 201, 201, 201),
        "getSession": Line(401, 200, 200, 200),
        "deleteSession": Line(204, 204, 204, 204),
        "listAccounts": Line(401, 403, 403, 200),
        "createAccount": Line(401, 403, 403, 201),
        "getAccount": Line(401, 200, 403, 200),
        "changeAccount": Line(401, 200, 403, 200),
        "setAccountPassword": Line(401, 403, 403, 204),
        "deleteAccountSessions": Line(401, 204, 403, 204),
        // Everyone has a password of their own; only Ben's is the one that is sent.
        "changeOwnPassword": Line(401, 204, 401, 401),
        "createMeeting": Line(401, 201, 201, 201),
        "listMeetings": Line(401, 200, 200, 200),
        "getMeeting": Line(401, 200, 404, 200),
        "changeMeeting": Line(401, 200, 404, 200),
        "endMeeting": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "deleteMeeting": Line(401, 204, 404, 204),
        "joinMeeting": Line(401, 200, 200, 200),
        "previewMeeting": Line(200, 200, 200, 200),
        "joinByLink": Line(200, 200, 200, 200),
        // A guest shows the code of a link instead: ConnectionTestServiceTests.
        "beginConnectionTest": Line(401, 201, 201, 201),
        "streamMeetingEvents": Line(401, 200, 404, 200, guest: 200, waiting: 200),
        "listWhiteboards": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "createWhiteboard": Line(401, 201, 404, 201, guest: 201, waiting: 403),
        "getWhiteboard": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "changeWhiteboard": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "deleteWhiteboard": Line(401, 204, 404, 204, guest: 403, waiting: 403),
        "getWhiteboardElements": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "mergeWhiteboardElements": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "listWhiteboardSnapshots": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "saveWhiteboardSnapshot": Line(401, 201, 404, 201, guest: 201, waiting: 403),
        "getWhiteboardSnapshot": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "deleteWhiteboardSnapshot": Line(401, 204, 404, 204, guest: 403, waiting: 403),
        "restoreWhiteboardSnapshot": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "listWhiteboardPictures": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "putWhiteboardPicture": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "getWhiteboardPicture": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "getWhiteboardPictureContent": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "exportWhiteboard": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "importWhiteboard": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        // Nobody but the media server can sign; that a right signature is taken, MediaEventTests shows.
        "receiveMediaEvent": Line(401, 401, 401, 401),
        "listParticipants": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        // Owner and administrator have no place of their own in the meeting: they didn't join.
        "getOwnParticipation": Line(401, 404, 404, 404, guest: 200, waiting: 200),
        "leaveMeeting": Line(401, 404, 404, 404, guest: 204, waiting: 204),
        "raiseHand": Line(401, 404, 404, 404, guest: 200, waiting: 403),
        "lowerOwnHand": Line(401, 404, 404, 404, guest: 200, waiting: 403),
        "admitParticipant": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "denyParticipant": Line(401, 204, 404, 204, guest: 403, waiting: 403),
        "admitEveryone": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "changeSettings": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "muteParticipant": Line(401, 204, 404, 204, guest: 403, waiting: 403),
        "muteEveryone": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "removeParticipant": Line(401, 204, 404, 204, guest: 403, waiting: 403),
        "listRemovals": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "liftRemoval": Line(401, 204, 404, 204, guest: 403, waiting: 403),
        "addHost": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "dropHost": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "lowerHand": Line(401, 204, 404, 204, guest: 403, waiting: 403),
        "sendMessage": Line(401, 404, 404, 404, guest: 201, waiting: 403),
        "listMessages": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "deleteMessage": Line(401, 204, 404, 204, guest: 403, waiting: 403),
        "startRecording": Line(401, 201, 404, 201, guest: 403, waiting: 403),
        "listMeetingRecordings": Line(401, 200, 404, 200, guest: 200, waiting: 403),
        "stopRecording": Line(401, 200, 404, 200, guest: 403, waiting: 403),
        "listRecordings": Line(401, 200, 200, 200),
        "getRecording": Line(401, 200, 404, 200),
        "getRecordingLink": Line(401, 200, 404, 200),
        "changeRecording": Line(401, 200, 404, 200),
        "deleteRecording": Line(401, 202, 404, 202),
        "getAnalytics": Line(401, 200, 200, 200),
        "exportAnalytics": Line(401, 200, 200, 200),
        "getMeetingAnalytics": Line(401, 200, 404, 200),
        "listParticipantFigures": Line(401, 200, 404, 200),
        "exportMeetingAnalytics": Line(401, 200, 404, 200),
        "listMeetingTimeline": Line(401, 200, 404, 200),
        "getSupportBundle": Line(401, 200, 404, 200),
        "rateMeeting": Line(401, 404, 404, 404, guest: 204, waiting: 403),
        "getConfiguration": Line(200, 200, 200, 200),
        "getHealth": Line(200, 200, 200, 200),
        "getLiveness": Line(200, 200, 200, 200),
        "getReadiness": Line(200, 200, 200, 200),
        "getMetrics": Line(200, 200, 200, 200),
        "getOpenAPI": Line(200, 200, 200, 200),
    ]

    /// Content that passes, where the declared example would not fit the test's accounts.
    static let contents: [String: JSONValue] = [
        "createSession": ["email": "ben@example.org", "password": "ben has a password"],
        "beginConnectionTest": [:],
        "createAccount": ["email": "new@example.org", "displayName": "New", "password": "something long"],
        "changeOwnPassword": ["currentPassword": "ben has a password", "newPassword": "something longer"],
    ]

    @Test func hasALineForEachOperationAndNoOther() async throws {
        let ids = Operations(try await TestAPI().dependencies).all.map(\.id)
        #expect(Set(ids) == Set(AuthorisationTests.matrix.keys))
        #expect(Set(ids).count == ids.count, "each operation has an id of its own")
    }

    @Test(arguments: AuthorisationTests.matrix.keys.sorted())
    func givesEachCallerTheAnswerOfTheTable(id: String) async throws {
        let line = try #require(AuthorisationTests.matrix[id])
        for (caller, expected) in [
            (.nobody, line.anonymous), (.account(\.ben), line.owner), (.account(\.cleo), line.other),
            (.account(\.ada), line.admin), (.guest(admitted: true), line.guest),
            (.guest(admitted: false), line.waiting),
        ] as [(Caller, Int)] {
            let api = try await TestAPI()
            api.readiness.beginServing()
            let response = try await api.call(id, as: caller)
            #expect(response.status.rawValue == expected, "\(id) by \(caller): \(response.code ?? "")")
            checkDeclared(response, by: api.operation(id))
        }
    }

    enum Caller {
        case nobody
        case account(KeyPath<TestAPI, AccountID>)
        case guest(admitted: Bool)
    }

    /// The answer is one that the document promises.
    private func checkDeclared(_ response: HTTPResponse, by operation: ConferenceAPI.Operation) {
        let type = response.headers["Content-Type"]
        guard type != ProblemRenderer.contentType,
            let answer = operation.answers.first(where: { $0.status == response.status })
        else {
            #expect(operation.allProblems.contains { $0.code == response.code && $0.status == response.status })
            #expect(ProblemRenderer.schema.problems(of: response.json) == [])
            return
        }
        #expect(type.map { String($0.prefix { $0 != ";" }) } == answer.contentType)
        if type == "application/json", let schema = answer.schema {
            #expect(schema.problems(of: response.json) == [])
        }
        for header in answer.headers where header.name != "Link" {
            #expect(response.headers[header.name] != nil, "\(header.name) is declared")
        }
    }
}

extension TestAPI {
    /// Someone whom the operation can be about: in the lobby for what concerns it, else connected.
    private func somebody(in meeting: Meeting, for operation: String) throws -> ParticipantID {
        let waits = ["admitParticipant", "denyParticipant"].contains(operation)
        let person = try addGuest(to: meeting.id, admitted: !waits)
        rooms.connect(person)
        return person.id
    }

    private func someMessage(in meeting: Meeting) async throws -> MessageID {
        let author = try addGuest(to: meeting.id, admitted: true)
        let message = Message(
            id: MessageID(UUIDv7Generator().next()), meetingID: meeting.id, participantID: author.id,
            displayName: author.displayName, role: .guest, text: "Hello", sentAt: FixedClock().now)
        try await messages.insert(message)
        return message.id
    }

    /// Calls an operation with values that fit: Ben's meeting, Ben's account; with `bytes` in place of content that does.
    func call(
        _ id: String, as caller: AuthorisationTests.Caller, bytes: [UInt8]? = nil
    ) async throws -> HTTPResponse {
        let operation = operation(id)
        let meeting = try await makeMeeting()
        var template = operation.template
        if template.contains("{whiteboard_id}") {
            let board = try await makeBoard(in: meeting)
            template = template.replacing("{whiteboard_id}", with: board.id.description)
                .replacing("{number}", with: "1").replacing("{file_id}", with: Examples.fileID)
        }
        if id == "startRecording" { meetings.makeLive(meeting.id) }
        let recording = Recording.ready(in: meeting.id)
        recordings.put(recording)
        let path =
            template
            .replacing("{meeting_id}", with: meeting.id.description)
            .replacing("{account_id}", with: ben.description)
            .replacing("{recording_id}", with: recording.id.description)
            .replacing("{code}", with: meeting.joinCode.text)
            .replacing("{participant_id}", with: try somebody(in: meeting, for: id).description)
            .replacing("{message_id}", with: try await someMessage(in: meeting).description)
        let fitting =
            AuthorisationTests.contents[id] ?? operation.content?.example
            ?? operation.rawContent?.example
        let content = bytes ?? fitting.map(JSONWriter.encode)
        var headers: HTTPHeaders = [:]
        if let type = operation.rawContent?.mediaType { headers["Content-Type"] = type }
        switch caller {
        case .nobody: return try await send(operation.method, path, bytes: content, headers: headers)
        case .account(let account):
            return try await send(operation.method, path, bytes: content, as: self[keyPath: account], headers: headers)
        case .guest(let admitted):
            headers["Authorization"] = "Bearer \(try participantKey(in: meeting.id, admitted: admitted))"
            return try await send(operation.method, path, bytes: content, headers: headers)
        }
    }
}
