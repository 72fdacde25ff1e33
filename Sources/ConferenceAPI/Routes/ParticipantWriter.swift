import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// Writes people in meetings as clients see them.
enum ParticipantWriter {
    static func write(_ participant: Participant, _ status: ParticipantStatus, to writer: inout JSONWriter) {
        writer.member("id", participant.id)
        writer.member("role", participant.actingRole.rawValue)
        writer.member("isCohost", participant.cohostSince != nil)
        writer.member("displayName", participant.displayName.text)
        writer.member("status", status.rawValue)
        writer.member("joinedAt", participant.joinedAt)
        writer.member("admittedAt", participant.admittedAt)
        writer.member("isConnected", participant.connectedAt != nil && participant.leftAt == nil)
        writer.member("handRaisedAt", participant.handRaisedAt)
    }

    static func answer(_ participant: Participant, at moment: Date) -> HTTPResponse {
        .json { write(participant, participant.status(at: moment), to: &$0) }
    }

    /// The member `connection`.
    static func write(
        _ connection: RoomConnection?, of participant: Participant, _ meeting: Meeting, url: String,
        to writer: inout JSONWriter
    ) {
        writer.name("connection")
        guard let connection else { return writer.null() }
        let role = participant.actingRole
        writer.object { writer in
            writer.member("url", url)
            writer.member("token", connection.token)
            writer.member("expiresAt", connection.expiresAt)
            writer.array("canPublishSources") { writer in
                for source in connection.grants.publishSources { writer.write(source.rawValue) }
            }
            writer.member("canChat", meeting.settings.chat.includes(role))
            writer.member("canDraw", meeting.settings.draw.includes(role))
            writer.member("isModerator", role == .host)
        }
    }

    static func write(_ message: Message, to writer: inout JSONWriter) {
        writer.member("id", message.id)
        writer.member("participantId", message.participantID)
        writer.member("displayName", message.displayName.text)
        writer.member("role", message.role.rawValue)
        writer.member("text", message.text)
        writer.member("sentAt", message.sentAt)
    }
}
