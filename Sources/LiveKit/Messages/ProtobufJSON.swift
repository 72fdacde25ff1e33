import FoundationEssentials

/// Reads what protobuf writes as JSON: names in camel or snake case, defaults left out or there, 64-bit integers as text
/// or as numbers.
///
/// Source: https://protobuf.dev/programming-guides/json/
enum ProtobufJSON {
    static func decode<Message: Decodable>(_ type: Message.Type, from bytes: [UInt8]) throws -> Message {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(bytes))
    }

    /// Where a message differs from what was expected; holds nothing of its content.
    static func reason(of error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it can't be read" }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context): return "\(path(context)) has another type"
        case .keyNotFound(let key, let context): return "\(path(context)) has no \(key.stringValue)"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty ? "it is no JSON" : "\(path(context)) has a value that can't be"
        @unknown default: return "it can't be read"
        }
    }

    private static func path(_ context: DecodingError.Context) -> String {
        context.codingPath.isEmpty ? "it" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
}

/// A 64-bit integer: text in LiveKit's answers, though numbers are as good.
struct ProtobufInteger: Decodable, Hashable, Sendable {
    let value: Int64

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            guard let value = Int64(text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no 64-bit integer")
            }
            self.value = value
        } else {
            value = try container.decode(Int64.self)
        }
    }
}

/// An enumeration's value: its name, or a number for one that the sender knew no name for.
struct ProtobufName: Decodable, Hashable, Sendable {
    let name: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            name = text
        } else {
            name = String(try container.decode(Int32.self))
        }
    }
}

extension Date {
    /// A moment of protobuf fields that count from 1970; 0 means none.
    init?(milliseconds: Int64?) {
        guard let milliseconds, milliseconds > 0 else { return nil }
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    init?(seconds: Int64?) {
        guard let seconds, seconds > 0 else { return nil }
        self.init(timeIntervalSince1970: Double(seconds))
    }

    /// Cut to whole microseconds, which is what is kept of it.
    init?(nanoseconds: Int64?) {
        guard let nanoseconds, nanoseconds > 0 else { return nil }
        self.init(timeIntervalSince1970: Double(nanoseconds / 1000) / 1_000_000)
    }
}
