import Conference
import Platform

/// Writes the pieces of a support bundle, a JSON object a line. Each field is here because it is chosen: nothing is written
/// only because it is there.
enum SupportBundleWriter {
    static let contentType = "application/x-ndjson"

    static func lines(_ piece: SupportBundle.Piece) -> [UInt8] {
        switch piece {
        case .meeting(let meeting, let madeAt):
            line("meeting") { writer in
                writer.member("madeAt", madeAt)
                write(meeting, to: &writer)
            }
        case .analytics(let analytics):
            // What people wrote is for those who manage the meeting, not for whoever reads the bundle.
            line("analytics") { AnalyticsWriter.write(analytics, to: &$0) }
        case .recordings(let recordings):
            recordings.flatMap { recording in line("recording") { write(recording, to: &$0) } }
        case .participants(let people):
            people.flatMap { person in
                line("participant") { AnalyticsWriter.write(person, to: &$0, text: Redaction.redact) }
            }
        case .timeline(let items):
            items.flatMap { item in
                line("entry") { TimelineSchemas.write(item, to: &$0, text: Redaction.redact) }
            }
        case .end: line("end") { _ in }
        }
    }

    private static func line(_ type: String, _ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", type)
            members(&writer)
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func write(_ meeting: Meeting, to writer: inout JSONWriter) {
        writer.member("id", meeting.id)
        writer.member("title", Redaction.redact(meeting.title))
        writer.member("ownerId", meeting.ownerID)
        writer.member("kind", meeting.kind.rawValue)
        writer.member("state", meeting.state.rawValue)
        writer.member("scheduledStart", meeting.scheduledStart)
        writer.member("scheduledEnd", meeting.scheduledEnd)
        writer.member("startedAt", meeting.startedAt)
        writer.member("endedAt", meeting.endedAt)
        writer.member("createdAt", meeting.createdAt)
        writer.member("updatedAt", meeting.updatedAt)
        writer.member("version", meeting.version)
        writer.object("settings") { MeetingWriter.write(meeting.settings, to: &$0) }
    }

    private static func write(_ recording: Recording, to writer: inout JSONWriter) {
        writer.member("id", recording.id)
        writer.member("kind", recording.kind.rawValue)
        writer.member("participantId", recording.participantID?.description)
        writer.member("state", recording.state.rawValue)
        writer.member("stateSince", recording.stateSince)
        writer.member("startAttempts", recording.startAttempts)
        writer.member("egressId", recording.egressID)
        writer.member("egressStatus", recording.egressStatus?.rawValue)
        writer.member("failure", recording.failure.map(Redaction.redact))
        writer.member("createdAt", recording.createdAt)
        writer.member("startedAt", recording.startedAt)
        writer.member("stopRequestedAt", recording.stopRequestedAt)
        writer.member("endedAt", recording.endedAt)
        writer.member("readyAt", recording.readyAt)
        writer.member("sizeBytes", recording.sizeBytes)
        writer.member("durationMilliseconds", recording.duration.map { Int($0 / .milliseconds(1)) })
    }
}
