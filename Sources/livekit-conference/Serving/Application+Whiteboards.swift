import Conference
import ConferenceStores
import ObjectStorage
import Platform
import Postgres

extension Application {
    /// The whiteboards, and the services that they need running.
    static func whiteboards(
        postgres: Postgres, storage: ObjectStorage, events: any MeetingEventPublishing, log: Logger
    ) -> (WhiteboardService, [any Service]) {
        let announcer = WhiteboardAnnouncer(events: events)
        let boards = WhiteboardService(
            access: MeetingAccess(
                meetings: PostgresMeetingStore(postgres), participants: PostgresParticipantStore(postgres)),
            boards: PostgresWhiteboardStore(postgres), pictures: StoredPictures(storage), announcer: announcer,
            events: events, clock: SystemWallClock(), ids: UUIDv7Generator(), random: SystemRandomSource())
        let log = log.with(component: "whiteboards")
        let sweeper = PeriodicService(name: "picture-sweeper", interval: .seconds(6 * 3600), log: log) {
            let count = try await boards.sweepPictures()
            if count > 0 { log.notice("pictures that no whiteboard has were deleted", ["count": "\(count)"]) }
        }
        return (boards, [announcer, sweeper])
    }
}
