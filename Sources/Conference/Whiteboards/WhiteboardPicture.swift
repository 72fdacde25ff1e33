import FoundationEssentials

/// A picture on a board; elements of type `image` name it by its `fileId`. The bytes lie in object storage.
public struct WhiteboardPicture: Hashable, Sendable {
    /// What pictures may be. SVG isn't taken: it may hold scripts.
    public enum Format: String, Sendable, CaseIterable {
        case png = "image/png"
        case jpeg = "image/jpeg"
        case gif = "image/gif"
        case webp = "image/webp"

        /// The format that the first bytes show, whatever the sender says.
        public init?(_ bytes: [UInt8]) {
            if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
                self = .png
            } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
                self = .jpeg
            } else if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) {
                self = .gif
            } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
                self = .webp
            } else {
                return nil
            }
        }
    }

    /// Excalidraw's `fileId`.
    public let id: String
    public let format: Format
    /// Bytes.
    public let size: Int
    public let objectKey: String
    public let createdAt: Date

    public init(id: String, format: Format, size: Int, objectKey: String, createdAt: Date) {
        self.id = id
        self.format = format
        self.size = size
        self.objectKey = objectKey
        self.createdAt = createdAt
    }

    /// What every picture's key begins with.
    public static let keyPrefix = "whiteboards/"
}
