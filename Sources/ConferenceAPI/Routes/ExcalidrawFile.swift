import Conference
import FoundationEssentials
import Platform

/// A board as Excalidraw saves it, in pieces: the elements, then one picture after the other.
actor ExcalidrawFile {
    private let elements: [WhiteboardElement]
    private var pictures: [WhiteboardPicture]
    private let source: String
    private let bytes: @Sendable (WhiteboardPicture) async throws -> [UInt8]
    private var state = State.beginning

    private enum State { case beginning, pictures(isFirst: Bool), end }

    /// - Parameters:
    ///   - source: who wrote the file; for people.
    ///   - bytes: reads a picture; one that storage has lost is left out.
    init(
        source: String, elements: [WhiteboardElement], pictures: [WhiteboardPicture],
        bytes: @escaping @Sendable (WhiteboardPicture) async throws -> [UInt8]
    ) {
        self.source = source
        self.elements = elements
        self.pictures = pictures.reversed()
        self.bytes = bytes
    }

    /// The next piece, nil at the end.
    func next() async throws -> [UInt8]? {
        switch state {
        case .beginning:
            state = .pictures(isFirst: true)
            return beginning
        case .pictures(let isFirst):
            guard let picture = pictures.popLast() else {
                state = .end
                return Array("}}".utf8)
            }
            do {
                let content = try await bytes(picture)
                state = .pictures(isFirst: false)
                return (isFirst ? [] : [UInt8(ascii: ",")]) + ExcalidrawFile.member(picture, content)
            } catch ConferenceError.notFound {
                return []
            }
        case .end:
            return nil
        }
    }

    private var beginning: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("type")
            writer.write("excalidraw")
            writer.member("version", 2)
            writer.name("source")
            writer.write(source)
            writer.array("elements") { writer in
                for element in elements { writer.write(json: element.json) }
            }
            writer.object("appState") { writer in
                writer.member("gridSize", 20)
                writer.member("gridStep", 5)
                writer.member("gridModeEnabled", false)
                writer.name("viewBackgroundColor")
                writer.write("#ffffff")
            }
        }
        // The object stays open for the pictures.
        return writer.bytes.dropLast() + Array(",\"files\":{".utf8)
    }

    private static func member(_ picture: WhiteboardPicture, _ content: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(capacity: content.count * 4 / 3 + 256)
        writer.name(picture.id)
        writer.object { writer in
            writer.name("mimeType")
            writer.write(picture.format.rawValue)
            writer.name("id")
            writer.write(picture.id)
            writer.name("dataURL")
            writer.write("data:\(picture.format.rawValue);base64,\(Data(content).base64EncodedString())")
            writer.member("created", Int(picture.createdAt.timeIntervalSince1970 * 1000))
        }
        return writer.bytes
    }
}

/// A `data:` URL (RFC 2397) with base64, as Excalidraw writes pictures.
enum DataURL {
    /// - Throws: ``ConferenceError/invalid(_:)`` about `field`.
    static func bytes(of url: String, field: String) throws -> [UInt8] {
        guard url.hasPrefix("data:"), let comma = url.utf8.firstIndex(of: UInt8(ascii: ",")),
            url[..<comma].hasSuffix(";base64"),
            let data = Data(base64Encoded: String(url[url.utf8.index(after: comma)...]))
        else {
            throw ConferenceError.invalid([FieldProblem(field, "must be a data URL such as data:image/png;base64,…")])
        }
        return Array(data)
    }
}
