import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Pictures on boards, and boards as files.
struct WhiteboardPictureRoutes: Sendable {
    private let boards: WhiteboardService
    private let source: String

    init(_ dependencies: APIDependencies) {
        boards = dependencies.whiteboards
        source = dependencies.settings.frontendURL
    }

    private static let list = "\(WhiteboardRoutes.one)/pictures"
    private static let one = "\(list)/{file_id}"

    var operations: [Operation] {
        [listOperation, putOperation, readOperation, contentOperation, exportOperation, importOperation]
    }

    private var listOperation: Operation {
        Operation(
            method: .get, template: WhiteboardPictureRoutes.list, id: "listWhiteboardPictures", tag: "Whiteboards",
            summary: "A whiteboard's pictures", access: .meeting, parameters: [.meetingID, .whiteboardID],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "All of them.", schema: WhiteboardSchemas.pictures,
                    example: ["items": [Examples.picture]])
            ],
            problems: [.notFound(.whiteboard)]
        ) { [boards] call in
            let found = try await boards.pictures(on: try call.boardID(), in: try call.meetingID(), by: call.caller)
            let all = try found.map { ($0, try boards.address(of: $0)) }
            return .json { writer in
                writer.array("items") { writer in
                    for (picture, address) in all {
                        writer.object { WhiteboardPictureRoutes.write(picture, address, to: &$0) }
                    }
                }
            }
        }
    }

    private static let answer = Operation.Answer(
        status: .ok, summary: "The picture.", schema: WhiteboardSchemas.picture, example: Examples.picture)

    private var putOperation: Operation {
        Operation(
            method: .put, template: WhiteboardPictureRoutes.one, id: "putWhiteboardPicture", tag: "Whiteboards",
            summary: "Keep a picture",
            detail: "For those who may draw. An id that the board has already is left as it is.", access: .meeting,
            parameters: [.meetingID, .whiteboardID, .fileID],
            content: Operation.Content(
                schema: WhiteboardSchemas.pictureUpload, example: ["dataURL": .string(Examples.dataURL)]),
            answers: [WhiteboardPictureRoutes.answer],
            problems: [
                .forbidden, .invalid, .meetingEnded, .notFound(.whiteboard), .conflict(.whiteboardClosed),
                .conflict(.whiteboardPicturesFull),
            ],
            bodyLimit: Limits.pictureBytes * 4 / 3 + 4096
        ) { [boards] call in
            guard let fileID = call.fileID else {
                throw ConferenceError.invalid([FieldProblem("file_id", StringFormat.fileID.requirement)])
            }
            let bytes = try DataURL.bytes(of: call.body.string("dataURL") ?? "", field: "dataURL")
            let picture = try await boards.addPicture(
                fileID, bytes, to: try call.boardID(), in: try call.meetingID(), by: call.caller)
            let address = try boards.address(of: picture)
            return .json { WhiteboardPictureRoutes.write(picture, address, to: &$0) }
        }
    }

    private var readOperation: Operation {
        Operation(
            method: .get, template: WhiteboardPictureRoutes.one, id: "getWhiteboardPicture", tag: "Whiteboards",
            summary: "Where a picture can be fetched", access: .meeting,
            parameters: [.meetingID, .whiteboardID, .fileID], answers: [WhiteboardPictureRoutes.answer],
            problems: [.notFound(.whiteboard), .notFound(.picture)]
        ) { [boards] call in
            let picture = try await WhiteboardPictureRoutes.picture(call, boards)
            let address = try boards.address(of: picture)
            return .json { WhiteboardPictureRoutes.write(picture, address, to: &$0) }
        }
    }

    private var contentOperation: Operation {
        Operation(
            method: .get, template: "\(WhiteboardPictureRoutes.one)/content", id: "getWhiteboardPictureContent",
            tag: "Whiteboards", summary: "A picture's bytes",
            detail: "For browsers that may not read from object storage. Its type is that of `getWhiteboardPicture`.",
            access: .meeting, parameters: [.meetingID, .whiteboardID, .fileID],
            answers: [
                Operation.Answer(status: .ok, summary: "The bytes.", contentType: "application/octet-stream")
            ],
            problems: [.notFound(.whiteboard), .notFound(.picture)]
        ) { [boards] call in
            let picture = try await WhiteboardPictureRoutes.picture(call, boards)
            // Never shown as a page of this origin, whatever is in it; an id's content never changes.
            return HTTPResponse(
                .ok, contentType: "application/octet-stream", bytes: try await boards.bytes(of: picture),
                headers: ["Content-Disposition": "attachment", "Cache-Control": "private, max-age=86400, immutable"])
        }
    }

    private static func picture(_ call: Call, _ boards: WhiteboardService) async throws -> WhiteboardPicture {
        let (meeting, board) = (try call.meetingID(), try call.boardID())
        guard let fileID = call.fileID else {
            _ = try await boards.board(board, in: meeting, by: call.caller)
            throw ConferenceError.notFound(.picture)
        }
        return try await boards.picture(fileID, on: board, in: meeting, by: call.caller)
    }

    // MARK: Files

    private var exportOperation: Operation {
        Operation(
            method: .get, template: "\(WhiteboardRoutes.one)/export", id: "exportWhiteboard", tag: "Whiteboards",
            summary: "The whiteboard as an Excalidraw file", detail: "With its pictures, without deleted elements.",
            access: .meeting, parameters: [.meetingID, .whiteboardID],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "The file.", contentType: "application/vnd.excalidraw+json",
                    schema: WhiteboardSchemas.file,
                    example: ["type": "excalidraw", "elements": [Examples.element], "files": [:]],
                    headers: [("Content-Disposition", "A file name.")])
            ],
            problems: [.notFound(.whiteboard)]
        ) { [boards, source] call in
            let (meeting, id) = (try call.meetingID(), try call.boardID())
            let scene = try await boards.scene(id, in: meeting, withDeleted: false, by: call.caller)
            let pictures = try await boards.pictures(on: id, in: meeting, by: call.caller)
            let file = ExcalidrawFile(source: source, elements: scene.elements, pictures: pictures) {
                try await boards.bytes(of: $0)
            }
            return HTTPResponse(
                .ok,
                headers: [
                    "Content-Type": "application/vnd.excalidraw+json",
                    "Content-Disposition": "attachment; filename=\"whiteboard-\(id).excalidraw\"",
                ],
                body: .stream(length: nil) { try await file.next() })
        }
    }

    private var importOperation: Operation {
        Operation(
            method: .post, template: "\(WhiteboardRoutes.one)/import", id: "importWhiteboard", tag: "Whiteboards",
            summary: "Take over an Excalidraw file",
            detail: "Its elements are merged like any other change, its pictures kept. Hosts only.", access: .meeting,
            parameters: [.meetingID, .whiteboardID],
            content: Operation.Content(
                schema: WhiteboardSchemas.file, example: ["type": "excalidraw", "elements": [Examples.element]]),
            answers: [WhiteboardElementRoutes.mergeAnswer],
            problems: WhiteboardElementRoutes.mergeProblems + [.conflict(.whiteboardPicturesFull)],
            bodyLimit: Limits.whiteboardFileBytes
        ) { [boards] call in
            let files = call.body.object("files")?.members ?? []
            let pictures = try files.map { member in
                let field = "files.\(member.name)"
                guard case .object(let file) = member.value, let url = file.string("dataURL") else {
                    throw ConferenceError.invalid([FieldProblem(field, "must be an object with a dataURL")])
                }
                guard Call.isFileID(member.name) else {
                    throw ConferenceError.invalid([FieldProblem(field, StringFormat.fileID.requirement)])
                }
                return (fileID: member.name, bytes: try DataURL.bytes(of: url, field: "\(field).dataURL"))
            }
            let result = try await boards.importFile(
                call.elements, pictures: pictures, into: try call.boardID(), in: try call.meetingID(),
                by: call.caller)
            return WhiteboardElementRoutes.answer(result)
        }
    }

    private static func write(
        _ picture: WhiteboardPicture, _ address: (url: String, expiresAt: Date), to writer: inout JSONWriter
    ) {
        writer.member("id", picture.id)
        writer.member("mimeType", picture.format.rawValue)
        writer.member("size", picture.size)
        writer.member("createdAt", picture.createdAt)
        writer.member("url", address.url)
        writer.member("expiresAt", address.expiresAt)
    }
}

extension Call {
    /// The picture of the path; nil when that is no id of one.
    fileprivate var fileID: String? { request.parameters["file_id"].flatMap { Call.isFileID($0) ? $0 : nil } }

    fileprivate static func isFileID(_ text: String) -> Bool {
        WhiteboardSchemas.fileID.problems(of: .string(text)).isEmpty
    }
}
