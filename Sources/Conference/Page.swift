import FoundationEssentials

/// One page of a list, newest first, and where the next one begins.
///
/// Pages are keyed by the last id seen, not by an offset: what is created meanwhile never shifts entries between pages.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    /// Nil on the last page.
    public let next: PageCursor?

    public init(items: [Item], next: PageCursor?) {
        self.items = items
        self.next = next
    }

    /// The page out of `fetched`, which was read with one entry more than `limit` to learn whether another page follows.
    static func cut(_ fetched: [Item], limit: Int, id: (Item) -> UUID) -> Page {
        guard fetched.count > limit else { return Page(items: fetched, next: nil) }
        let items = Array(fetched.prefix(limit))
        return Page(items: items, next: items.last.map { PageCursor(after: id($0)) })
    }
}

/// A place in a list. Clients treat its text as opaque.
public struct PageCursor: Hashable, Sendable, CustomStringConvertible {
    let after: UUID

    init(after: UUID) {
        self.after = after
    }

    /// Reads what `description` wrote; throws `ConferenceError.invalid` for anything else.
    public init(_ text: String, field: String = "cursor") throws {
        guard text.utf8.count == 33, text.utf8.first == UInt8(ascii: "c") else { throw Self.problem(field) }
        let digits = Array(text.utf8.dropFirst())
        let groups = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        let canonical = groups.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
        guard let uuid = UUID(uuidString: canonical) else { throw Self.problem(field) }
        after = uuid
    }

    public var description: String {
        "c" + String(decoding: after.uuidString.lowercased().utf8.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }

    private static func problem(_ field: String) -> ConferenceError {
        .invalid([FieldProblem(field, "must be a cursor that this server returned; leave it out for the first page")])
    }
}

/// Which page of a list is wanted.
public struct PageRequest: Hashable, Sendable {
    public let limit: Int
    public let cursor: PageCursor?

    /// Throws `ConferenceError.invalid` when `limit` is outside `Limits.pageSize`.
    public init(limit: Int? = nil, cursor: PageCursor? = nil) throws {
        let limit = limit ?? Limits.defaultPageSize
        guard Limits.pageSize.contains(limit) else {
            let range = "\(Limits.pageSize.lowerBound) to \(Limits.pageSize.upperBound)"
            throw ConferenceError.invalid([FieldProblem("limit", "must be \(range)")])
        }
        self.limit = limit
        self.cursor = cursor
    }
}
