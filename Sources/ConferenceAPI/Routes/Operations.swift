/// All operations of the API, each declared once.
struct Operations: Sendable {
    let all: [Operation]

    init(_ dependencies: APIDependencies) {
        let described =
            SessionRoutes(dependencies).operations + AccountRoutes(dependencies).operations
            + MeetingRoutes(dependencies).operations + JoinRoutes(dependencies).operations
            + ConnectionTestRoutes(dependencies).operations
            + EventRoutes(dependencies).operations
            + WhiteboardRoutes(dependencies).operations + WhiteboardElementRoutes(dependencies).operations
            + WhiteboardPictureRoutes(dependencies).operations + RecordingRoutes(dependencies).operations
            + AnalyticsRoutes(dependencies).operations + MeetingAnalyticsRoutes(dependencies).operations
            + TimelineRoutes(dependencies).operations
            + MediaEventRoutes(dependencies).operations
            + ParticipantRoutes(dependencies).operations + LobbyRoutes(dependencies).operations
            + ModerationRoutes(dependencies).operations + MessageRoutes(dependencies).operations
            + ConfigurationRoutes(dependencies).operations + HealthRoutes(dependencies).operations
        all = described + [DocumentRoute(dependencies.settings).operation(describing: described)]
    }
}
