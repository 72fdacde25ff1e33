import Conference
import FoundationEssentials

/// The shapes of whiteboards.
enum WhiteboardSchemas {
    private static let revision = Schema.integer(0...Int(Int32.max))
    private static let count = Schema.integer(0...Int(Int32.max))

    static let fileID = Schema.string(1...64, .fileID)

    static let board = Schema.named(
        "Whiteboard",
        .object(
            .required("id", .uuid), .required("meetingId", .uuid), .required("title", .string()),
            .required("closed", .boolean.described("Nobody draws on a closed one.")),
            .required("createdAt", .time), .required("closedAt", .time.nullable),
            .required("revision", revision.described("Grows with every batch of changes.")),
            .required("elementCount", count.described("Deleted elements included.")),
            .required("elementBytes", count), .required("pictureCount", count), .required("pictureBytes", count)))

    static let list = Schema.named(
        "WhiteboardList", .object(.required("items", .array(of: board, limit: Limits.whiteboards))))

    static let draft = Schema.named("WhiteboardDraft", .object(.required("title", MeetingSchemas.title)))

    static let change = Schema.named(
        "WhiteboardChange", .object(.optional("title", MeetingSchemas.title), .optional("closed", .boolean)))

    static let element = Schema.named(
        "WhiteboardElement",
        .extensible(
            .required("id", .string(1...64, .visibleASCII)),
            .required("type", .string(1...64, .line)),
            .required("version", .integer(1...2_000_000_000).described("Raised by every change.")),
            .required(
                "versionNonce",
                .integer(0...(1 << 53 - 1)).described("Random with every change; of equal versions the lower wins.")),
            .optional(
                "index",
                .string(1...256, .visibleASCII).nullable.described("Place on the canvas, compared by code units.")),
            .required("isDeleted", .boolean))
    ).described(
        """
        An element as Excalidraw makes it. Everything beyond these members is kept exactly as it was sent; at most \
        \(Limits.whiteboardElementBytes) bytes.
        """)

    static let changes = Schema.named(
        "WhiteboardChanges",
        .object(.required("elements", .array(of: element, limit: Limits.whiteboardBatch))))

    static let mergeResult = Schema.named(
        "WhiteboardMergeResult",
        .object(
            .required("revision", revision),
            .required(
                "taken", .array(of: .string()).described("Ids of those that are on the board as they were sent.")),
            .required(
                "winners", .array(of: element).described("The board's versions of the others: newer than those sent.")))
    )

    static let scene = Schema.named(
        "WhiteboardScene",
        .object(
            .required("revision", revision.described("For `since`, to catch up later.")),
            .required("elements", .array(of: element).described("In the order of the canvas."))))

    static let snapshot = Schema.named(
        "WhiteboardSnapshot",
        .object(
            .required("number", .integer(1...Int(Int32.max))), .required("revision", revision),
            .required("elementCount", count), .required("savedAt", .time)))

    static let snapshots = Schema.named(
        "WhiteboardSnapshotList",
        .object(.required("items", .array(of: snapshot, limit: Limits.whiteboardSnapshots))))

    static let snapshotScene = Schema.named(
        "WhiteboardSnapshotScene",
        .object(.required("snapshot", snapshot), .required("elements", .array(of: element))))

    static let file = Schema.named(
        "ExcalidrawFile",
        .extensible(
            .required("type", .choice(["excalidraw"])),
            .required("elements", .array(of: element, limit: Limits.whiteboardElements)),
            .optional("files", .anything.described("Pictures by their id, each with its `dataURL`."))))

    static let pictureUpload = Schema.named(
        "WhiteboardPictureUpload",
        .extensible(
            .required(
                "dataURL",
                .string(1...(Limits.pictureBytes * 4 / 3 + 128)).described(
                    """
                    `data:image/png;base64,...`: PNG, JPEG, GIF or WebP, at most \(Limits.pictureBytes >> 20) MiB. SVG \
                    isn't taken, as it may hold scripts.
                    """)))
    ).described("Excalidraw's `BinaryFileData`; only `dataURL` is looked at.")

    static let picture = Schema.named(
        "WhiteboardPicture",
        .object(
            .required("id", .string()),
            .required("mimeType", .choice(WhiteboardPicture.Format.allCases.map(\.rawValue))),
            .required("size", count), .required("createdAt", .time),
            .required("url", .string().described("Where the picture can be fetched for a while. Secret.")),
            .required("expiresAt", .time)))

    static let pictures = Schema.named(
        "WhiteboardPictureList", .object(.required("items", .array(of: picture, limit: Limits.boardPictures))))
}

extension StringFormat {
    /// Excalidraw's ids of pictures.
    static let fileID = StringFormat(
        pattern: "^[A-Za-z0-9_-]*$", requirement: "must have letters, digits, - and _ only"
    ) { text in
        text.utf8.allSatisfy {
            ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }
}

extension Examples {
    static let whiteboard: JSONValue = [
        "id": .string(whiteboardID), "meetingId": .string(meetingID), "title": "Sketches", "closed": false,
        "createdAt": "2026-03-02T09:02:00.000Z", "closedAt": .null, "revision": 7, "elementCount": 1,
        "elementBytes": 120, "pictureCount": 0, "pictureBytes": 0,
    ]

    static let element: JSONValue = [
        "id": "gXZfunZGJnZ0jWpA3b1Dx", "type": "rectangle", "version": 3, "versionNonce": 669_485_860, "index": "a0",
        "isDeleted": false, "x": 453.15, "y": 228.5,
    ]

    static let snapshot: JSONValue = [
        "number": 1, "revision": 7, "elementCount": 1, "savedAt": "2026-03-02T09:30:00.000Z",
    ]

    static let picture: JSONValue = [
        "id": .string(fileID), "mimeType": "image/png", "size": 70, "createdAt": "2026-03-02T09:05:00.000Z",
        "url": "https://storage.example.org/bucket/whiteboards/example?X-Amz-Signature=0",
        "expiresAt": "2026-03-02T09:15:00.000Z",
    ]

    /// A picture of one pixel.
    static let dataURL =
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
}
