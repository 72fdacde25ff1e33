extension Bool: PostgresEncodable, PostgresDecodable {
    public func encode(into parameters: inout PostgresParameters) throws {
        try parameters.append(text: self ? "t" : "f")
    }

    public static func decode(_ cell: PostgresCell) throws -> Bool {
        try cell.require("Bool", cell.type == .bool)
        return cell.withBytes { $0.first == (cell.isBinary ? 1 : UInt8(ascii: "t")) }
    }
}
