import Conference
import FoundationEssentials
import Platform

/// Writes meetings as clients see them.
struct MeetingWriter: Sendable {
    let settings: APISettings

    /// All of it, for those who manage the meeting.
    func write(_ meeting: Meeting, to writer: inout JSONWriter) {
        writer.member("id", meeting.id)
        writer.member("joinCode", meeting.joinCode.text)
        writer.member("joinUrl", settings.joinURL(meeting.joinCode))
        writer.member("ownerId", meeting.ownerID)
        writer.member("title", meeting.title)
        writer.member("kind", meeting.kind.rawValue)
        writer.member("state", meeting.state.rawValue)
        writer.member("scheduledStart", meeting.scheduledStart)
        writer.member("scheduledEnd", meeting.scheduledEnd)
        writer.member("startedAt", meeting.startedAt)
        writer.member("endedAt", meeting.endedAt)
        writer.object("settings") { MeetingWriter.write(meeting.settings, to: &$0) }
        writer.member("createdAt", meeting.createdAt)
        writer.member("updatedAt", meeting.updatedAt)
        writer.member("version", meeting.version)
    }

    static func write(_ settings: MeetingSettings, to writer: inout JSONWriter) {
        writer.member("requiresPasscode", settings.requiresPasscode)
        writer.member("lobby", settings.lobby.rawValue)
        writer.member("locked", settings.locked)
        writer.member("capacity", settings.capacity)
        writer.member("screenShare", settings.screenShare.rawValue)
        writer.member("chat", settings.chat.rawValue)
        writer.member("chatHistory", settings.chatHistory)
        writer.member("record", settings.record.rawValue)
        writer.member("draw", settings.draw.rawValue)
    }

    /// What anybody with the link sees.
    static func write(_ preview: MeetingPreview, to writer: inout JSONWriter) {
        writer.member("title", preview.title)
        writer.member("kind", preview.kind.rawValue)
        writer.member("state", preview.state.rawValue)
        writer.member("scheduledStart", preview.scheduledStart)
        writer.member("scheduledEnd", preview.scheduledEnd)
        writer.member("requiresPasscode", preview.requiresPasscode)
        writer.member("lobby", preview.lobby.rawValue)
        writer.member("locked", preview.locked)
    }
}
