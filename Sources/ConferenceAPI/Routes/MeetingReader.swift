import Conference
import FoundationEssentials

/// Reads meetings from checked content.
enum MeetingReader {
    static func draft(_ body: JSONObject) -> MeetingDraft {
        let defaults = MeetingDraft(title: "")
        let settings = body.object("settings") ?? JSONObject()
        return MeetingDraft(
            title: body.string("title") ?? "", kind: body.choice("kind") ?? defaults.kind,
            scheduledStart: body.time("scheduledStart"), scheduledEnd: body.time("scheduledEnd"),
            passcode: settings.string("passcode"), lobby: settings.choice("lobby") ?? defaults.lobby,
            locked: settings.bool("locked") ?? defaults.locked, capacity: settings.integer("capacity"),
            screenShare: settings.choice("screenShare") ?? defaults.screenShare,
            chat: settings.choice("chat") ?? defaults.chat,
            chatHistory: settings.bool("chatHistory") ?? defaults.chatHistory,
            record: settings.choice("record") ?? defaults.record,
            draw: settings.choice("draw") ?? defaults.draw)
    }

    /// What is left out stays; null clears.
    static func change(_ body: JSONObject) -> MeetingChange {
        let settings = body.object("settings") ?? JSONObject()
        var change = settingsChange(settings)
        change.title = set(body.string("title"))
        change.scheduledStart = setOrClear(body["scheduledStart"], body.time("scheduledStart"))
        change.scheduledEnd = setOrClear(body["scheduledEnd"], body.time("scheduledEnd"))
        change.passcode = setOrClear(settings["passcode"], settings.string("passcode"))
        return change
    }

    /// A change of settings alone, but for the passcode. What is left out stays; null clears.
    static func settingsChange(_ settings: JSONObject) -> MeetingChange {
        var change = MeetingChange()
        change.lobby = set(settings.choice("lobby"))
        change.locked = set(settings.bool("locked"))
        change.capacity = setOrClear(settings["capacity"], settings.integer("capacity"))
        change.screenShare = set(settings.choice("screenShare"))
        change.chat = set(settings.choice("chat"))
        change.chatHistory = set(settings.bool("chatHistory"))
        change.record = set(settings.choice("record"))
        change.draw = set(settings.choice("draw"))
        return change
    }

    private static func set<Value>(_ value: Value?) -> FieldChange<Value> { value.map { .set($0) } ?? .unchanged }

    private static func setOrClear<Value>(_ json: JSONValue?, _ value: Value?) -> FieldChange<Value?> {
        json == nil ? .unchanged : .set(value)
    }
}
