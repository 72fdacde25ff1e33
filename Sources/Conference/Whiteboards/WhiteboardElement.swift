/// One thing on a board, in the shape of Excalidraw's elements: the fields that decide, and the whole object as it was
/// sent, since the rest differs by type and grows with Excalidraw's releases.
public struct WhiteboardElement: Hashable, Sendable, Identifiable {
    /// Chosen by the client, unique on the board.
    public let id: String
    /// Raised by every change.
    public let version: Int
    /// Drawn anew by every change; decides between equal versions.
    public let versionNonce: Int
    /// The place on the canvas: a fractional index. Nil in files of old releases; such elements come last.
    public let index: String?
    /// A tombstone: kept, so that a client that missed the deletion doesn't bring the element back.
    public let isDeleted: Bool
    /// The JSON object, exactly as it was sent.
    public let json: String

    public init(id: String, version: Int, versionNonce: Int, index: String?, isDeleted: Bool, json: String) {
        self.id = id
        self.version = version
        self.versionNonce = versionNonce
        self.index = index
        self.isDeleted = isDeleted
        self.json = json
    }

    /// Whether this stays where `incoming` arrives: the higher version does, then the lower nonce; what is equal in both
    /// gives way. So the order of arrival doesn't matter.
    public func beats(_ incoming: WhiteboardElement) -> Bool {
        if version != incoming.version { return version > incoming.version }
        return versionNonce < incoming.versionNonce
    }

    /// The order on the canvas: the index by code units, then the id.
    public static func isBelow(_ left: WhiteboardElement, _ right: WhiteboardElement) -> Bool {
        switch (left.index, right.index) {
        case (let one?, let other?) where one != other: one.utf16.lexicographicallyPrecedes(other.utf16)
        case (nil, _?): false
        case (_?, nil): true
        default: left.id.utf16.lexicographicallyPrecedes(right.id.utf16)
        }
    }

    /// The same thing in a later version, which replaces any that anybody has.
    func revised(version: Int, nonce: Int, isDeleted: Bool) -> WhiteboardElement {
        let json = JSONMembers.replacing(
            in: self.json,
            [("version", "\(version)"), ("versionNonce", "\(nonce)"), ("isDeleted", "\(isDeleted)")])
        return WhiteboardElement(
            id: id, version: version, versionNonce: nonce, index: index, isDeleted: isDeleted, json: json)
    }
}

extension [WhiteboardElement] {
    /// What a board holds once `incoming` arrived, in the order of the canvas.
    public func merged(with incoming: [WhiteboardElement]) -> [WhiteboardElement] {
        var merged: [String: WhiteboardElement] = [:]
        for element in self + incoming {
            if let there = merged[element.id], there.beats(element) { continue }
            merged[element.id] = element
        }
        return merged.values.sorted(by: WhiteboardElement.isBelow)
    }
}
