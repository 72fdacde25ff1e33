import FoundationEssentials

/// What clients read from a room's metadata, as JSON.
struct RoomMetadata: Codable, Hashable {
    let title: String
    let locked: Bool
    let lobby: LobbyPolicy
    let screenShare: Audience
    let chat: Audience
    let chatHistory: Bool
    let record: Audience
    let draw: Audience

    init(_ meeting: Meeting) {
        title = meeting.title
        locked = meeting.settings.locked
        lobby = meeting.settings.lobby
        screenShare = meeting.settings.screenShare
        chat = meeting.settings.chat
        chatHistory = meeting.settings.chatHistory
        record = meeting.settings.record
        draw = meeting.settings.draw
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
