extension String: PostgresEncodable, PostgresDecodable {
    public func encode(into parameters: inout PostgresParameters) throws { try parameters.append(text: self) }

    /// Reads textual types, `uuid`, and every type that this client leaves in PostgreSQL's text form, such as enums,
    /// `inet`, `numeric` and `interval`. Cast others in the statement: `created_at::text`.
    public static func decode(_ cell: PostgresCell) throws -> String {
        guard !cell.isNull else { throw cell.error(expected: "String") }
        if PostgresType.textual.contains(cell.type) { return cell.text }
        switch cell.type {
        case .jsonb: return try PostgresJSON.decode(cell).text
        case .uuid: return cell.isBinary ? UUIDText.lowercase(try UUIDText.decode(cell)) : cell.text
        default:
            try cell.require("String", !PostgresType.readInBinary.contains(cell.type))
            return cell.text
        }
    }
}
