import Conference

extension Operation.Parameter {
    static let meetingID = Operation.Parameter(
        place: .path, name: "meeting_id", summary: "The meeting's id.", schema: .uuid, example: Examples.meetingID)

    static let whiteboardID = Operation.Parameter(
        place: .path, name: "whiteboard_id", summary: "The whiteboard's id.", schema: .uuid,
        example: Examples.whiteboardID)

    static let snapshotNumber = Operation.Parameter(
        place: .path, name: "number", summary: "The snapshot's number.", schema: .integer(1...Int(Int32.max)),
        example: "1")

    static let fileID = Operation.Parameter(
        place: .path, name: "file_id", summary: "The picture's id: Excalidraw's `fileId`.",
        schema: WhiteboardSchemas.fileID, example: Examples.fileID)

    static let participantID = Operation.Parameter(
        place: .path, name: "participant_id", summary: "The participant's id.", schema: .uuid,
        example: Examples.participantID)

    static let messageID = Operation.Parameter(
        place: .path, name: "message_id", summary: "The message's id.", schema: .uuid, example: Examples.messageID)

    static let accountID = Operation.Parameter(
        place: .path, name: "account_id", summary: "The account's id.", schema: .uuid, example: Examples.accountID)

    static let recordingID = Operation.Parameter(
        place: .path, name: "recording_id", summary: "The recording's id.", schema: .uuid,
        example: Examples.recordingID)

    static let joinCode = Operation.Parameter(
        place: .path, name: "code", summary: "The code of the meeting's link.", schema: .string(1...64),
        example: Examples.joinCode)

    static let limit = Operation.Parameter(
        place: .query, name: "limit", summary: "Entries on the page; \(Limits.defaultPageSize) by default.",
        schema: .integer(Limits.pageSize), example: "25")

    static let cursor = Operation.Parameter(
        place: .query, name: "cursor", summary: "Where the page begins: `nextCursor` of the page before.",
        schema: .string(nil, .cursor), example: Examples.cursor)

    static let lastEventID = Operation.Parameter(
        place: .header, name: "Last-Event-ID",
        summary:
            "The id of the last event that the client has: those after it come first, or `reset` if it is not known.",
        schema: .string(), example: "1772355600000-0")

    static let ifMatch = Operation.Parameter(
        place: .header, name: "If-Match",
        summary: "Entity tags: change the meeting only if it still has one of them (RFC 9110, section 13.1.1).",
        schema: .string(), example: "\"7\"")

    static let ifNoneMatch = Operation.Parameter(
        place: .header, name: "If-None-Match",
        summary: "Entity tags that the client has: answered with 304 if one is still right.",
        schema: .string(), example: "\"7\"")
}

extension StringFormat {
    /// A place in a list, as ``PageCursor`` writes it.
    static let cursor = StringFormat(
        pattern: "^c[0-9a-f]{32}$", requirement: "must be a cursor that this server returned"
    ) { text in
        let bytes = text.utf8
        return bytes.count == 33 && bytes.first == UInt8(ascii: "c")
            && bytes.dropFirst().allSatisfy { ASCII.isHexDigit($0) && ($0 < 0x41 || $0 > 0x5a) }
    }
}
