import Conference
import FoundationEssentials

/// An event as it is kept in Redis. The short names cost less: each event is there once for every meeting's last few.
struct MeetingEventRecord: Codable {
    private let n: String
    private let m: UUID
    /// Whom it is for: absent for everyone, `hosts`, or a participant's id.
    private let a: String?
    /// Microseconds since 1970.
    private let t: Int64
    private let d: [String: RecordedValue]?

    init(_ event: MeetingEvent) {
        n = event.name.rawValue
        m = event.meetingID.uuid
        a =
            switch event.audience {
            case .everyone: nil
            case .hosts: "hosts"
            case .participant(let id): id.description
            }
        t = event.at.microseconds
        d = event.data.isEmpty ? nil : event.data.mapValues { RecordedValue(value: $0) }
    }

    /// Nil for what another version of the program wrote and this one doesn't understand.
    var event: MeetingEvent? {
        let audience: MeetingEvent.Audience
        switch a {
        case nil: audience = .everyone
        case "hosts": audience = .hosts
        case .some(let text):
            guard let id = ParticipantID(text) else { return nil }
            audience = .participant(id)
        }
        return MeetingEvent(
            MeetingEvent.Name(rawValue: n), in: MeetingID(m), to: audience, at: Date(microseconds: t),
            data: d?.mapValues(\.value) ?? [:])
    }

    static func encode(_ event: MeetingEvent) throws -> [UInt8] {
        Array(try JSONEncoder().encode(MeetingEventRecord(event)))
    }

    static func decode(_ bytes: [UInt8]) -> MeetingEvent? {
        (try? JSONDecoder().decode(MeetingEventRecord.self, from: Data(bytes)))?.event
    }
}

private struct RecordedValue: Codable {
    let value: MeetingEvent.Value

    init(value: MeetingEvent.Value) { self.value = value }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let bool = try? container.decode(Bool.self) {
            value = .bool(bool)
        } else if let integer = try? container.decode(Int.self) {
            value = .integer(integer)
        } else if let text = try? container.decode(String.self) {
            value = .string(text)
        } else {
            value = .strings(try container.decode([String].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .null: try container.encodeNil()
        case .bool(let bool): try container.encode(bool)
        case .integer(let integer): try container.encode(integer)
        case .string(let text): try container.encode(text)
        case .strings(let texts): try container.encode(texts)
        }
    }
}
