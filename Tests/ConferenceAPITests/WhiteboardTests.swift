import HTTPServer
import Testing

@testable import Conference
@testable import ConferenceAPI

struct WhiteboardTests {
    static func element(
        _ id: String = "a", version: Int = 1, nonce: Int = 1, deleted: Bool = false, more: String = ""
    ) -> String {
        #"{"id":"\#(id)","type":"line","version":\#(version),"versionNonce":\#(nonce),"index":"a0","isDeleted":\#(deleted)\#(more)}"#
    }

    private func merge(_ api: TestAPI, _ base: String, _ elements: String...) async throws -> HTTPResponse {
        let text = "{\"elements\":[\(elements.joined(separator: ","))]}"
        return try await api.send(.post, "\(base)/elements", bytes: Array(text.utf8), as: api.ben)
    }

    private func board(_ api: TestAPI, _ change: (inout MeetingDraft) -> Void = { _ in }) async throws -> (
        Meeting, String
    ) {
        let meeting = try await api.makeMeeting(change)
        let path = "/api/v1/meetings/\(meeting.id)/whiteboards"
        let made = try await api.send(.post, path, ["title": "Board"], as: api.ben)
        #expect(made.status == .created)
        return (meeting, "\(path)/\(made.object.string("id") ?? "")")
    }

    @Test func elementsComeBackExactlyAsTheyWereSent() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        let odd = Self.element(
            more:
                #", "x" : 1.50, "y":-0, "z":1e21, "points":[[0.1,2.0E-3]],"big":12345678901234567890,"text":"\u00e9\/\ud83d\ude00""#
        )
        #expect(try await merge(api, base, odd).status == .ok)

        let scene = try await api.send(.get, "\(base)/elements", as: api.ben)

        #expect(String(decoding: scene.bytes, as: UTF8.self) == "{\"revision\":1,\"elements\":[\(odd)]}")
        #expect(scene.headers["ETag"] == "\"1\"")
        let again = try await api.send(.get, "\(base)/elements", as: api.ben, headers: ["If-None-Match": "\"1\""])
        #expect(again.status == .notModified)
    }

    @Test func whatLostComesBackAsItIsOnTheBoard() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        _ = try await merge(api, base, Self.element("a", version: 3), Self.element("b", nonce: 5))

        let answer = try await merge(api, base, Self.element("a", version: 2), Self.element("b", nonce: 4)).object

        #expect(answer["taken"] == ["b"])
        #expect(answer.objects("winners").map { $0.string("id") } == ["a"])
        #expect(answer.integer("revision") == 2)
        #expect(api.events.all == ["whiteboard.created", "whiteboard.changed 1", "whiteboard.changed 2"])
    }

    @Test func aBatchThatComesTwiceChangesNothing() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        for _ in 0..<2 {
            let answer = try await merge(api, base, Self.element("a"), Self.element("a", version: 2)).object
            #expect(answer.integer("revision") == 1)
            #expect(answer["taken"] == ["a"])
        }
        #expect(api.events.all.filter { $0.hasPrefix("whiteboard.changed") } == ["whiteboard.changed 1"])
    }

    @Test func whoWasAwayCatchesUpWithWhatChangedSince() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        _ = try await merge(api, base, Self.element("a"), Self.element("b"))
        _ = try await merge(api, base, Self.element("b", version: 2, deleted: true))

        let since = try await api.send(.get, "\(base)/elements?since=1", as: api.ben).object
        #expect(since.objects("elements").map { $0.string("id") } == ["b"])
        #expect(since.integer("revision") == 2)
        let all = try await api.send(.get, "\(base)/elements", as: api.ben).object
        #expect(all.objects("elements").count == 2)
        let seen = try await api.send(.get, "\(base)/elements?deleted=exclude", as: api.ben).object
        #expect(seen.objects("elements").map { $0.string("id") } == ["a"])
    }

    @Test func eachWrongElementIsNamedAndNothingIsChanged() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        let answer = try await merge(
            api, base, Self.element("ok"), #"{"id":"a b","type":"line","version":0,"versionNonce":-1,"isDeleted":1}"#)
        #expect(answer.status == .badRequest)
        #expect(
            Set(answer.pointers)
                == [
                    "/elements/1/id", "/elements/1/version", "/elements/1/versionNonce", "/elements/1/isDeleted",
                ])
        let large = try await merge(
            api, base, Self.element("large", more: ",\"text\":\"\(String(repeating: "a", count: 256 << 10))\""))
        #expect(large.status == .unprocessableContent)
        #expect(large.pointers == ["/elements/0"])
        let escaped = try await merge(
            api, base, Self.element("a").replacing(#""version""#, with: #""\u0076ersion""#))
        #expect(escaped.status == .unprocessableContent)
        #expect(try await api.send(.get, base, as: api.ben).object.integer("elementCount") == 0)
    }

    @Test func aClosedBoardIsReadAndNotDrawnOn() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        _ = try await merge(api, base, Self.element("a"))
        let closed = try await api.send(.patch, base, ["closed": true, "title": "Done"], as: api.ben).object
        #expect(closed.bool("closed") == true && closed.string("title") == "Done")
        #expect(try await merge(api, base, Self.element("b")).code == "whiteboard_closed")
        #expect(try await api.send(.get, "\(base)/elements", as: api.ben).status == .ok)
        _ = try await api.send(.patch, base, ["closed": false], as: api.ben)
        #expect(try await merge(api, base, Self.element("b")).status == .ok)
    }

    @Test func theSettingDrawDecidesWhoDraws() async throws {
        let api = try await TestAPI()
        for (draw, guest, host) in [(Audience.everyone, 200, 200), (.hosts, 403, 200), (.nobody, 403, 403)] {
            let meeting = try await api.makeMeeting { $0.draw = draw }
            let board = Whiteboard(
                id: WhiteboardID(UUIDv7Generator().next()), meetingID: meeting.id, title: "B",
                createdAt: FixedClock().now)
            try await api.boards.insert(board)
            let path = "/api/v1/meetings/\(meeting.id)/whiteboards/\(board.id)/elements"
            let content = Array("{\"elements\":[\(Self.element())]}".utf8)
            let key = try api.participantKey(in: meeting.id, admitted: true)
            let byGuest = try await api.send(
                .post, path, bytes: content, headers: ["Authorization": "Bearer \(key)"])
            #expect(byGuest.status.rawValue == guest, "\(draw)")
            #expect(try await api.send(.post, path, bytes: content, as: api.ben).status.rawValue == host, "\(draw)")
            // Reading is open to all who were let in.
            let read = try await api.send(.get, path, headers: ["Authorization": "Bearer \(key)"])
            #expect(read.status == .ok)
        }
    }

    @Test func afterTheMeetingItsOwnerReadsAndNobodyDraws() async throws {
        let api = try await TestAPI()
        let (meeting, base) = try await board(api)
        _ = try await merge(api, base, Self.element("a"))
        _ = try await api.send(.post, "/api/v1/meetings/\(meeting.id)/end", as: api.ben)
        #expect(try await api.send(.get, "\(base)/elements", as: api.ben).status == .ok)
        #expect(try await merge(api, base, Self.element("b")).code == "meeting_ended")
    }

    @Test func anotherMeetingsBoardIsNotThere() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        let other = try await api.makeMeeting()
        let id = base.split(separator: "/").last.map(String.init) ?? ""
        let answer = try await api.send(.get, "/api/v1/meetings/\(other.id)/whiteboards/\(id)", as: api.ben)
        #expect(answer.code == "whiteboard_not_found")
    }

    @Test func aSavedStateComesBackAsNewVersions() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        _ = try await merge(api, base, Self.element("a", more: ",\"x\":1.0"))
        #expect(
            try await api.send(.post, "\(base)/snapshots", as: api.ben).headers["Location"] == "\(base)/snapshots/1")
        _ = try await merge(api, base, Self.element("a", version: 4, more: ",\"x\":2.0"), Self.element("b"))

        let restored = try await api.send(.post, "\(base)/snapshots/1/restore", as: api.ben)

        #expect(restored.status == .ok)
        let scene = try await api.send(.get, "\(base)/elements", as: api.ben)
        let elements = scene.object.objects("elements")
        #expect(elements.map { $0.integer("version") } == [5, 2])
        #expect(elements.map { $0.bool("isDeleted") } == [false, true])
        #expect(String(decoding: scene.bytes, as: UTF8.self).contains("\"x\":1.0"))
    }

    @Test func aFileThatWasExportedCanBeImported() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        _ = try await merge(api, base, Self.element("a"), Self.element("b", deleted: true))
        let picture = try await api.send(
            .put, "\(base)/pictures/pic-1", ["mimeType": "image/png", "dataURL": .string(Examples.dataURL)], as: api.ben
        )
        #expect(picture.object.string("mimeType") == "image/png")

        let file = try await api.send(.get, "\(base)/export", as: api.ben).streamed()

        guard case .object(let object) = try JSONParser.parse(file) else { throw ConferenceError.forbidden }
        #expect(object.string("type") == "excalidraw" && object.integer("version") == 2)
        #expect(object.members.map(\.name) == ["type", "version", "source", "elements", "appState", "files"])
        #expect(object.objects("elements").map { $0.string("id") } == ["a"])
        #expect(object.object("files")?.object("pic-1")?.string("dataURL") == Examples.dataURL)
        let (_, other) = try await board(api)
        let imported = try await api.send(.post, "\(other)/import", bytes: file, as: api.ben)
        #expect(imported.object["taken"] == ["a"])
        let content = try await api.send(.get, "\(other)/pictures/pic-1/content", as: api.ben)
        #expect(try DataURL.bytes(of: Examples.dataURL, field: "") == content.bytes)
        #expect(content.headers["Content-Disposition"] == "attachment")
    }

    @Test func whatIsNoPictureIsRefused() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        for url in [
            "data:image/svg+xml;base64,PHN2Zy8+", "data:image/png;base64,PHN2Zy8+", "data:image/png;base64,****",
            "https://example.org/a.png",
        ] {
            let answer = try await api.send(.put, "\(base)/pictures/a", ["dataURL": .string(url)], as: api.ben)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.pointers == ["/dataURL"])
        }
        #expect(api.pictures.keys.isEmpty)
    }

    @Test func picturesGoWithTheirBoardAndStraysAreSwept() async throws {
        let api = try await TestAPI()
        let (_, base) = try await board(api)
        let content: JSONValue = ["dataURL": .string(Examples.dataURL)]
        for _ in 0..<2 { _ = try await api.send(.put, "\(base)/pictures/a", content, as: api.ben) }
        #expect(api.pictures.keys.count == 1)
        try await api.pictures.put([1], at: "whiteboards/stray", contentType: "image/png")
        try await api.pictures.put([1], at: "recordings/kept", contentType: "video/mp4")

        #expect(try await api.dependencies.whiteboards.sweepPictures() == 1)
        #expect(api.pictures.keys.count == 2)

        #expect(try await api.send(.delete, base, as: api.ben).status == .noContent)
        #expect(api.pictures.keys == ["recordings/kept"])
    }
}

extension HTTPResponse {
    /// The whole of a streamed body.
    func streamed() async throws -> [UInt8] {
        guard case .stream(_, let next) = body else { return bytes }
        var all: [UInt8] = []
        while let piece = try await next() { all += piece }
        return all
    }
}
