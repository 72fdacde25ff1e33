public import FoundationEssentials

/// `livekit.EgressInfo`, as far as it is used here.
public struct EgressInfo: Hashable, Sendable {
    public struct File: Hashable, Sendable {
        public let filename: String
        public let location: String
        /// Bytes.
        public let size: Int64
        public let duration: Duration
    }

    public let egressID: String
    public let roomName: String
    /// `EGRESS_STARTING`, `_ACTIVE`, `_ENDING`, `_COMPLETE`, `_FAILED`, `_ABORTED` or `_LIMIT_REACHED`.
    public let status: String
    public let startedAt: Date?
    public let endedAt: Date?
    public let updatedAt: Date?
    public let error: String
    public let details: String
    public let files: [File]
}

extension EgressInfo: Decodable {
    private enum CodingKeys: String, CodingKey {
        case egressId, roomName, status, startedAt, endedAt, updatedAt, error, details, fileResults, file
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String { try values.decodeIfPresent(String.self, forKey: key) ?? "" }
        func time(_ key: CodingKeys) throws -> Date? {
            Date(nanoseconds: try values.decodeIfPresent(ProtobufInteger.self, forKey: key)?.value)
        }
        egressID = try text(.egressId)
        roomName = try text(.roomName)
        status = try values.decodeIfPresent(ProtobufName.self, forKey: .status)?.name ?? "EGRESS_STARTING"
        startedAt = try time(.startedAt)
        endedAt = try time(.endedAt)
        updatedAt = try time(.updatedAt)
        error = try text(.error)
        details = try text(.details)
        let results = try values.decodeIfPresent([File].self, forKey: .fileResults) ?? []
        // The older servers' place for the one file.
        files = try results.isEmpty ? values.decodeIfPresent(File.self, forKey: .file).map { [$0] } ?? [] : results
    }
}

extension EgressInfo.File: Decodable {
    private enum CodingKeys: String, CodingKey { case filename, location, size, duration }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> Int64 {
            try values.decodeIfPresent(ProtobufInteger.self, forKey: key)?.value ?? 0
        }
        filename = try values.decodeIfPresent(String.self, forKey: .filename) ?? ""
        location = try values.decodeIfPresent(String.self, forKey: .location) ?? ""
        size = try number(.size)
        duration = .nanoseconds(try number(.duration))
    }
}

struct EgressList: Decodable, Sendable {
    let items: [EgressInfo]?
}
