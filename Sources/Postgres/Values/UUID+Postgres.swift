public import FoundationEssentials

extension UUID: PostgresEncodable, PostgresDecodable {
    public func encode(into parameters: inout PostgresParameters) throws { try parameters.append(text: uuidString) }

    public static func decode(_ cell: PostgresCell) throws -> UUID { try UUIDText.decode(cell) }
}

/// The forms of a UUID that PostgreSQL sends: 16 bytes, or 36 characters of RFC 9562 in lower case.
enum UUIDText {
    static func decode(_ cell: PostgresCell) throws -> UUID {
        try cell.require("UUID", cell.type == .uuid)
        guard cell.isBinary else {
            guard let value = UUID(uuidString: cell.text) else { throw cell.error(expected: "UUID") }
            return value
        }
        return try cell.withBytes { bytes in
            guard bytes.count == 16 else { throw cell.error(expected: "UUID") }
            return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
        }
    }

    static func lowercase(_ value: UUID) -> String { value.uuidString.lowercased() }
}
