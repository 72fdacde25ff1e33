import Conference

/// What happens in meetings that go on.
public struct LiveServices: Sendable {
    public var participation: ParticipationService
    public var lobby: LobbyService
    public var moderation: ModerationService
    public var controls: MeetingControls
    public var messages: MessageService

    public init(
        participation: ParticipationService, lobby: LobbyService, moderation: ModerationService,
        controls: MeetingControls, messages: MessageService
    ) {
        self.participation = participation
        self.lobby = lobby
        self.moderation = moderation
        self.controls = controls
        self.messages = messages
    }
}
