import FoundationEssentials
import HTTPClient
import Platform
import TestSupport

@testable import LiveKit

/// Files of `Tests/Data/livekit`.
enum TestData {
    static func json(_ name: String, file: String = #filePath) throws -> JSON {
        let folder = file.split(separator: "/").dropLast(2).joined(separator: "/")
        let url = URL(filePath: "/\(folder)/Data/livekit/\(name)")
        return try JSONDecoder().decode(JSON.self, from: Data(contentsOf: url))
    }
}

/// Any JSON, compared as values.
enum JSON: Codable, Equatable, Sendable {
    case null, bool(Bool), number(Double), text(String), array([JSON]), object([String: JSON])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let array = try? value.decode([JSON].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let bool): try value.encode(bool)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .array(let array): try value.encode(array)
        case .object(let object): try value.encode(object)
        }
    }

    init(_ bytes: [UInt8]) throws { self = try JSONDecoder().decode(JSON.self, from: Data(bytes)) }

    var array: [JSON] { if case .array(let array) = self { array } else { [] } }
    var object: [String: JSON] { if case .object(let object) = self { object } else { [:] } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    /// As the wire has it: text stays text, everything else is written as JSON.
    var wire: String {
        get throws { try text ?? String(decoding: JSONEncoder().encode(self), as: UTF8.self) }
    }
}

let testSecret = "abcdefghijklmnopqrstuvwxyz0123456789"

/// Runs a test with a client of a server whose every answer the test decides.
func withAPI(
    retry: CallRetry = .none, answer: @escaping @Sendable (RawRequest) -> String,
    _ body: (LiveKitAPI) async throws -> Void
) async throws {
    let server = try RawServer.answering(answer)
    defer { server.stop() }
    try await withAPI(url: server.url, retry: retry, body)
}

func withAPI(url: String, retry: CallRetry = .none, _ body: (LiveKitAPI) async throws -> Void) async throws {
    let loop = try EventLoop(name: "livekit")
    try loop.start()
    let client = HTTPClient(loops: [loop])
    let configuration = try LiveKitConfiguration(url: url, apiKey: "devkey", secret: testSecret)
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(LiveKitAPI(configuration: configuration, client: client, retry: retry)))
    } catch {
        result = .failure(error)
    }
    await client.stop()
    loop.stop()
    try result.get()
}

func httpAnswer(_ status: Int, type: String = "application/json", _ body: String) -> String {
    "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
