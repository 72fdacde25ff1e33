import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// The boards of a meeting.
struct WhiteboardRoutes: Sendable {
    private let boards: WhiteboardService

    init(_ dependencies: APIDependencies) {
        boards = dependencies.whiteboards
    }

    static let list = "/api/v1/meetings/{meeting_id}/whiteboards"
    static let one = "\(list)/{whiteboard_id}"

    var operations: [Operation] {
        [listOperation, createOperation, readOperation, changeOperation, deleteOperation]
    }

    private static let links: [Operation.Link] = [
        "getWhiteboard", "changeWhiteboard", "getWhiteboardElements", "mergeWhiteboardElements",
        "saveWhiteboardSnapshot", "restoreWhiteboardSnapshot", "exportWhiteboard", "importWhiteboard",
        "putWhiteboardPicture", "listWhiteboardPictures", "deleteWhiteboard",
    ].map {
        Operation.Link(
            operation: $0, parameter: "whiteboard_id", member: "id", others: [("meeting_id", "meetingId")])
    }

    private static func answer(_ status: HTTPStatus = .ok) -> Operation.Answer {
        Operation.Answer(
            status: status, summary: "The whiteboard.", schema: WhiteboardSchemas.board, example: Examples.whiteboard,
            headers: status == .created ? [("Location", "The whiteboard.")] : [],
            links: status == .created ? links : [])
    }

    private var listOperation: Operation {
        Operation(
            method: .get, template: WhiteboardRoutes.list, id: "listWhiteboards", tag: "Whiteboards",
            summary: "A meeting's whiteboards, oldest first",
            detail: "For those in the meeting; its hosts also afterwards.", access: .meeting, parameters: [.meetingID],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "All of them.", schema: WhiteboardSchemas.list,
                    example: ["items": [Examples.whiteboard]])
            ]
        ) { [boards] call in
            let all = try await boards.list(in: try call.meetingID(), by: call.caller)
            return .json { writer in
                writer.array("items") { writer in
                    for board in all { writer.object { WhiteboardRoutes.write(board, to: &$0) } }
                }
            }
        }
    }

    private var createOperation: Operation {
        Operation(
            method: .post, template: WhiteboardRoutes.list, id: "createWhiteboard", tag: "Whiteboards",
            summary: "Add a whiteboard",
            detail: "For those who may draw. A meeting has at most \(Limits.whiteboards).", access: .meeting,
            parameters: [.meetingID],
            content: Operation.Content(schema: WhiteboardSchemas.draft, example: ["title": "Sketches"]),
            answers: [WhiteboardRoutes.answer(.created)],
            problems: [.forbidden, .invalid, .meetingEnded, .conflict(.tooManyWhiteboards)]
        ) { [boards] call in
            let meeting = try call.meetingID()
            let board = try await boards.create(
                in: meeting, title: call.body.string("title") ?? "", by: call.caller)
            let location = "/api/v1/meetings/\(meeting)/whiteboards/\(board.id)"
            return .json(.created, headers: ["Location": location]) { WhiteboardRoutes.write(board, to: &$0) }
        }
    }

    private var readOperation: Operation {
        Operation(
            method: .get, template: WhiteboardRoutes.one, id: "getWhiteboard", tag: "Whiteboards",
            summary: "One whiteboard", access: .meeting, parameters: [.meetingID, .whiteboardID],
            answers: [WhiteboardRoutes.answer()], problems: [.notFound(.whiteboard)]
        ) { [boards] call in
            let board = try await boards.board(try call.boardID(), in: try call.meetingID(), by: call.caller)
            return .json { WhiteboardRoutes.write(board, to: &$0) }
        }
    }

    private var changeOperation: Operation {
        Operation(
            method: .patch, template: WhiteboardRoutes.one, id: "changeWhiteboard", tag: "Whiteboards",
            summary: "Rename, close or reopen a whiteboard", detail: "Hosts only. What is left out stays.",
            access: .meeting, parameters: [.meetingID, .whiteboardID],
            content: Operation.Content(schema: WhiteboardSchemas.change, example: ["closed": false]),
            answers: [WhiteboardRoutes.answer()], problems: [.forbidden, .invalid, .notFound(.whiteboard)]
        ) { [boards] call in
            let change = WhiteboardChange(title: call.body.string("title"), closed: call.body.bool("closed"))
            let board = try await boards.change(
                try call.boardID(), in: try call.meetingID(), change, by: call.caller)
            return .json { WhiteboardRoutes.write(board, to: &$0) }
        }
    }

    private var deleteOperation: Operation {
        Operation(
            method: .delete, template: WhiteboardRoutes.one, id: "deleteWhiteboard", tag: "Whiteboards",
            summary: "Delete a whiteboard with its snapshots and pictures", detail: "Hosts only.", access: .meeting,
            parameters: [.meetingID, .whiteboardID],
            answers: [Operation.Answer(status: .noContent, summary: "It is gone.", contentType: nil)],
            problems: [.forbidden, .notFound(.whiteboard)]
        ) { [boards] call in
            try await boards.delete(try call.boardID(), in: try call.meetingID(), by: call.caller)
            return HTTPResponse(.noContent)
        }
    }

    private static func write(_ board: Whiteboard, to writer: inout JSONWriter) {
        writer.member("id", board.id)
        writer.member("meetingId", board.meetingID)
        writer.member("title", board.title)
        writer.member("closed", board.closedAt != nil)
        writer.member("createdAt", board.createdAt)
        writer.member("closedAt", board.closedAt)
        writer.member("revision", board.revision)
        writer.member("elementCount", board.elementCount)
        writer.member("elementBytes", board.elementBytes)
        writer.member("pictureCount", board.pictureCount)
        writer.member("pictureBytes", board.pictureBytes)
    }
}

extension Call {
    /// The meeting of the path, which the log learns of.
    func meetingID() throws -> MeetingID {
        let id: MeetingID = try id("meeting_id", of: .meeting)
        note(id)
        return id
    }

    func boardID() throws -> WhiteboardID { try id("whiteboard_id", of: .whiteboard) }
}
