import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// What is on a board, and its saved states.
struct WhiteboardElementRoutes: Sendable {
    private let boards: WhiteboardService

    init(_ dependencies: APIDependencies) {
        boards = dependencies.whiteboards
    }

    private static let elements = "\(WhiteboardRoutes.one)/elements"
    private static let snapshots = "\(WhiteboardRoutes.one)/snapshots"
    private static let snapshot = "\(snapshots)/{number}"

    var operations: [Operation] {
        [
            sceneOperation, mergeOperation, listOperation, saveOperation, readOperation, deleteOperation,
            restoreOperation,
        ]
    }

    private var sceneOperation: Operation {
        Operation(
            method: .get, template: WhiteboardElementRoutes.elements, id: "getWhiteboardElements", tag: "Whiteboards",
            summary: "What is on a whiteboard, in the order of the canvas",
            detail: "With `since`, only what changed after that revision: enough to catch up after being offline.",
            access: .meeting,
            parameters: [
                .meetingID, .whiteboardID,
                Operation.Parameter(
                    place: .query, name: "since", summary: "A revision; deleted elements are then included.",
                    schema: .integer(0...Int(Int32.max)), example: "7"),
                Operation.Parameter(
                    place: .query, name: "deleted",
                    summary: "Whether deleted elements are included; clients that draw need them.",
                    schema: .choice(["include", "exclude"]), example: "include"),
                .ifNoneMatch,
            ],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "The elements.", schema: WhiteboardSchemas.scene,
                    example: ["revision": 7, "elements": [Examples.element]], headers: [("ETag", "The revision.")]),
                Operation.Answer(
                    status: .notModified, summary: "The client has it already.", contentType: nil,
                    headers: [("ETag", "The revision.")]),
            ],
            problems: [.notFound(.whiteboard)]
        ) { [boards] call in
            let scene = try await boards.scene(
                try call.boardID(), in: try call.meetingID(), since: call.query("since").flatMap { Int($0) },
                withDeleted: call.query("deleted") != "exclude", by: call.caller)
            let headers: HTTPHeaders = [
                "ETag": EntityTags.tag(of: scene.revision), "Cache-Control": "private, no-cache",
            ]
            return .json(headers: headers) { writer in
                writer.member("revision", scene.revision)
                writer.array("elements") { WhiteboardElementRoutes.write(scene.elements, to: &$0) }
            }
        }
    }

    private var mergeOperation: Operation {
        Operation(
            method: .post, template: WhiteboardElementRoutes.elements, id: "mergeWhiteboardElements",
            tag: "Whiteboards", summary: "Save changes of elements",
            detail: """
                Whole elements, merged one by one: the higher version stays, of equal versions the lower versionNonce. \
                Sending a batch again changes nothing. Of elements that lost, the board's versions are returned. For \
                those who may draw.
                """,
            access: .meeting, parameters: [.meetingID, .whiteboardID],
            content: Operation.Content(
                schema: WhiteboardSchemas.changes, example: ["elements": [Examples.element]]),
            answers: [WhiteboardElementRoutes.mergeAnswer], problems: WhiteboardElementRoutes.mergeProblems,
            bodyLimit: Limits.whiteboardBatchBytes
        ) { [boards] call in
            let result = try await boards.merge(
                call.elements, into: try call.boardID(), in: try call.meetingID(), by: call.caller)
            return WhiteboardElementRoutes.answer(result)
        }
    }

    static let mergeProblems: [ProblemKind] = [
        .forbidden, .invalid, .meetingEnded, .notFound(.whiteboard), .conflict(.whiteboardClosed),
        .conflict(.whiteboardFull),
    ]

    static let mergeAnswer = Operation.Answer(
        status: .ok, summary: "What became of them.", schema: WhiteboardSchemas.mergeResult,
        example: ["revision": 8, "taken": ["gXZfunZGJnZ0jWpA3b1Dx"], "winners": []])

    static func answer(_ result: WhiteboardMergeResult) -> HTTPResponse {
        .json { writer in
            writer.member("revision", result.revision)
            writer.array("taken") { writer in
                for id in result.taken { writer.write(id) }
            }
            writer.array("winners") { write(result.winners, to: &$0) }
        }
    }

    private static func write(_ elements: [WhiteboardElement], to writer: inout JSONWriter) {
        for element in elements { writer.write(json: element.json) }
    }

    // MARK: Snapshots

    private var listOperation: Operation {
        Operation(
            method: .get, template: WhiteboardElementRoutes.snapshots, id: "listWhiteboardSnapshots",
            tag: "Whiteboards", summary: "Saved states, newest first", access: .meeting,
            parameters: [.meetingID, .whiteboardID],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "All of them.", schema: WhiteboardSchemas.snapshots,
                    example: ["items": [Examples.snapshot]])
            ],
            problems: [.notFound(.whiteboard)]
        ) { [boards] call in
            let all = try await boards.snapshots(of: try call.boardID(), in: try call.meetingID(), by: call.caller)
            return .json { writer in
                writer.array("items") { writer in
                    for snapshot in all { writer.object { WhiteboardElementRoutes.write(snapshot, to: &$0) } }
                }
            }
        }
    }

    private var saveOperation: Operation {
        Operation(
            method: .post, template: WhiteboardElementRoutes.snapshots, id: "saveWhiteboardSnapshot",
            tag: "Whiteboards", summary: "Save the state of a whiteboard",
            detail:
                "Without deleted elements. For those who may draw; at most \(Limits.whiteboardSnapshots) each board.",
            access: .meeting, parameters: [.meetingID, .whiteboardID],
            answers: [
                Operation.Answer(
                    status: .created, summary: "The snapshot.", schema: WhiteboardSchemas.snapshot,
                    example: Examples.snapshot, headers: [("Location", "The snapshot.")])
            ],
            problems: [.forbidden, .meetingEnded, .notFound(.whiteboard), .conflict(.tooManySnapshots)]
        ) { [boards] call in
            let (meeting, board) = (try call.meetingID(), try call.boardID())
            let snapshot = try await boards.saveSnapshot(of: board, in: meeting, by: call.caller)
            let location = "/api/v1/meetings/\(meeting)/whiteboards/\(board)/snapshots/\(snapshot.number)"
            return .json(.created, headers: ["Location": location]) {
                WhiteboardElementRoutes.write(snapshot, to: &$0)
            }
        }
    }

    private var readOperation: Operation {
        Operation(
            method: .get, template: WhiteboardElementRoutes.snapshot, id: "getWhiteboardSnapshot", tag: "Whiteboards",
            summary: "A saved state", access: .meeting, parameters: [.meetingID, .whiteboardID, .snapshotNumber],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "The snapshot with its elements.", schema: WhiteboardSchemas.snapshotScene,
                    example: ["snapshot": Examples.snapshot, "elements": [Examples.element]])
            ],
            problems: [.notFound(.whiteboard), .notFound(.snapshot)]
        ) { [boards] call in
            let (snapshot, elements) = try await boards.snapshot(
                try call.snapshotNumber(), of: try call.boardID(), in: try call.meetingID(), by: call.caller)
            return .json { writer in
                writer.object("snapshot") { WhiteboardElementRoutes.write(snapshot, to: &$0) }
                writer.array("elements") { WhiteboardElementRoutes.write(elements, to: &$0) }
            }
        }
    }

    private var deleteOperation: Operation {
        Operation(
            method: .delete, template: WhiteboardElementRoutes.snapshot, id: "deleteWhiteboardSnapshot",
            tag: "Whiteboards", summary: "Delete a saved state", detail: "Hosts only.", access: .meeting,
            parameters: [.meetingID, .whiteboardID, .snapshotNumber],
            answers: [Operation.Answer(status: .noContent, summary: "It is gone.", contentType: nil)],
            problems: [.forbidden, .notFound(.whiteboard), .notFound(.snapshot)]
        ) { [boards] call in
            try await boards.deleteSnapshot(
                try call.snapshotNumber(), of: try call.boardID(), in: try call.meetingID(), by: call.caller)
            return HTTPResponse(.noContent)
        }
    }

    private var restoreOperation: Operation {
        Operation(
            method: .post, template: "\(WhiteboardElementRoutes.snapshot)/restore", id: "restoreWhiteboardSnapshot",
            tag: "Whiteboards", summary: "Bring a saved state back",
            detail: "As new versions of its elements; what isn't in it becomes deleted. Hosts only.", access: .meeting,
            parameters: [.meetingID, .whiteboardID, .snapshotNumber],
            answers: [WhiteboardElementRoutes.mergeAnswer],
            problems: WhiteboardElementRoutes.mergeProblems + [.notFound(.snapshot)]
        ) { [boards] call in
            let result = try await boards.restoreSnapshot(
                try call.snapshotNumber(), of: try call.boardID(), in: try call.meetingID(), by: call.caller)
            return WhiteboardElementRoutes.answer(result)
        }
    }

    private static func write(_ snapshot: WhiteboardSnapshot, to writer: inout JSONWriter) {
        writer.member("number", snapshot.number)
        writer.member("revision", snapshot.revision)
        writer.member("elementCount", snapshot.elementCount)
        writer.member("savedAt", snapshot.savedAt)
    }
}

extension Call {
    /// The elements of the content, which passed the schema.
    var elements: [WhiteboardElement] {
        body.objects("elements").compactMap { object in
            guard let id = object.string("id"), let version = object.integer("version"),
                let nonce = object.integer("versionNonce"), let isDeleted = object.bool("isDeleted")
            else { return nil }
            return WhiteboardElement(
                id: id, version: version, versionNonce: nonce, index: object.string("index"), isDeleted: isDeleted,
                json: text(of: object))
        }
    }

    fileprivate func snapshotNumber() throws -> Int {
        guard let number = request.parameters["number"].flatMap({ Int32($0) }), number > 0 else {
            throw ConferenceError.notFound(.snapshot)
        }
        return Int(number)
    }
}
