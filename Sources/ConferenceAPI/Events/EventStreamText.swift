import Conference
import FoundationEssentials
import Platform

/// The text of event streams (WHATWG HTML, section 9.2.6).
enum EventStreamText {
    static let contentType = "text/event-stream"

    /// A comment that clients pass over.
    static let heartbeat = Array(":\n\n".utf8)

    static func event(_ sent: SentMeetingEvent) -> [UInt8] {
        event(sent.event.name.rawValue, id: sent.id) { writer in
            writer.member("at", sent.event.at)
            for (name, value) in sent.event.data.sorted(by: { $0.key < $1.key }) where name != "at" {
                writer.name(name)
                write(value, to: &writer)
            }
        }
    }

    /// The first event of a stream: who listens, as what.
    ///
    /// - Parameters:
    ///   - place: the id to resume from if nothing else comes.
    ///   - retry: until the client comes back after a loss.
    static func ready(_ view: MeetingView, at place: MeetingEventID?, retry: Duration) -> [UInt8] {
        let milliseconds = Int(retry / .milliseconds(1))
        return Array("retry: \(milliseconds)\n".utf8)
            + event("ready", id: place) { writer in
                writer.member("participantId", view.participantID?.description)
                writer.member("admitted", view.isAdmitted)
                writer.member("host", view.isHost)
            }
    }

    static func reset(at place: MeetingEventID?, _ moment: Date) -> [UInt8] {
        event(MeetingEvent.Name.reset.rawValue, id: place) { $0.member("at", moment) }
    }

    /// The last event of a stream.
    static func end(_ reason: StreamEnd) -> [UInt8] {
        event("end", id: nil) { writer in
            writer.member("reason", reason.rawValue)
            writer.member("reconnect", reason.invitesBack)
        }
    }

    private static func event(
        _ name: String, id: MeetingEventID?, _ members: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        if let id { writer.bytes += "id: \(id)\n".utf8 }
        writer.bytes += "event: \(name)\ndata: ".utf8
        writer.object(members)
        writer.bytes += "\n\n".utf8
        return writer.bytes
    }

    private static func write(_ value: MeetingEvent.Value, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.write(text)
        case .integer(let number): writer.write(number)
        case .bool(let bool): writer.write(bool)
        case .strings(let texts): writer.array { writer in for text in texts { writer.write(text) } }
        case .null: writer.null()
        }
    }
}

/// Why a stream ended, as its last event says.
enum StreamEnd: String, Sendable {
    case meetingEnded = "meeting_ended"
    /// They left, were removed or refused.
    case notInMeeting = "not_in_meeting"
    /// The stream is old, the server stops, or a service that tells who may listen is away.
    case renew

    /// Whether to connect again.
    var invitesBack: Bool { self == .renew }
}
