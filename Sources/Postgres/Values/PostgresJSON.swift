public import FoundationEssentials

/// A `json` or `jsonb` value as its text.
public struct PostgresJSON: Hashable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    /// - Throws: what `JSONEncoder` throws.
    public init(encoding value: some Encodable, with encoder: JSONEncoder = JSONEncoder()) throws {
        text = String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// - Throws: what `JSONDecoder` throws.
    public func decoded<Value: Decodable>(
        as type: Value.Type = Value.self, with decoder: JSONDecoder = JSONDecoder()
    ) throws -> Value {
        try decoder.decode(type, from: Data(text.utf8))
    }
}

extension PostgresJSON: PostgresEncodable, PostgresDecodable {
    public func encode(into parameters: inout PostgresParameters) throws { try parameters.append(text: text) }

    public static func decode(_ cell: PostgresCell) throws -> PostgresJSON {
        try cell.require("PostgresJSON", cell.type == .json || cell.type == .jsonb)
        return cell.withBytes { bytes in
            // The binary form of jsonb is a version, always 1, and the text.
            let skipped = cell.isBinary && cell.type == .jsonb ? 1 : 0
            return PostgresJSON(String(decoding: bytes.dropFirst(skipped), as: UTF8.self))
        }
    }
}
