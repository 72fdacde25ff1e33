import Conference
import FoundationEssentials
import Platform

/// The inbox in memory. What events say is applied by nobody here.
final class MemoryMedia: MediaStateStoring {
    private struct Content {
        var events: [MediaEvent] = []
        var applied: [String] = []
        var isAway = false
    }

    private let content = Lock(Content())

    var events: [MediaEvent] { content.withLock { $0.events } }
    var applied: [String] { content.withLock { $0.applied } }
    /// Whether the database is away.
    var isAway: Bool {
        get { content.withLock { $0.isAway } }
        set { content.withLock { $0.isAway = newValue } }
    }

    func insert(_ event: MediaEvent, receivedAt: Date) async throws -> Bool {
        if isAway { throw ConferenceError.unavailable(service: "database", cause: "test") }
        return content.withLock { content in
            if content.events.contains(where: { $0.id == event.id }) { return false }
            content.events.append(event)
            return true
        }
    }

    func apply(_ report: MediaReport, of eventID: String, at moment: Date) async throws -> MediaOutcome {
        content.withLock { $0.applied.append(eventID) }
        return MediaOutcome()
    }

    func markApplied(_ eventID: String, note: String?, at moment: Date) async throws {
        content.withLock { $0.applied.append(eventID) }
    }

    func markFailed(_ eventID: String, reason: String) async throws { throw Unexpected() }
    func pending(receivedBefore moment: Date, now: Date, limit: Int) async throws -> [MediaEvent] { throw Unexpected() }
    func apply(_ report: MediaReport, at moment: Date) async throws -> MediaOutcome { throw Unexpected() }
    func open() async throws -> [OpenMedia] { throw Unexpected() }
    func states(of meetings: [MeetingID]) async throws -> [MeetingID: MeetingState] { throw Unexpected() }
    func settle(_ meeting: MeetingID, hasRoom: Bool, at moment: Date) async throws -> MediaOutcome {
        throw Unexpected()
    }
    func unwelcome(in meeting: MeetingID, among ids: [ParticipantID]) async throws -> [ParticipantID] { [] }
    func forget(receivedBefore moment: Date) async throws -> Int { throw Unexpected() }

    struct Unexpected: Error {}
}

/// Nobody is anywhere.
struct NoPresence: PresenceTracking {
    func add(_ participant: PresentParticipant, to meetingID: UUID) async throws {}
    func touch(identity: String, in meetingID: UUID) async throws -> Bool { false }
    func remove(identity: String, from meetingID: UUID) async throws -> Bool { false }
    func list(meetingID: UUID) async throws -> [PresentParticipant] { [] }
    func count(meetingID: UUID) async throws -> Int { 0 }
}

/// Takes whatever has `signed` for a signature; the content's first line is the id, its second the kind, its third the
/// room's name.
struct PlainEventReader: MediaEventReading {
    func read(authorization: String?, content: [UInt8]) throws(MediaEventRefusal) -> MediaEvent {
        guard authorization == "signed" else { throw .unverified(reason: "it has no token") }
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count == 3 else { throw .unreadable(reason: "it is no JSON") }
        return MediaEvent(
            id: lines[0], name: lines[1], occurredAt: Date(timeIntervalSince1970: 1_795_397_134),
            room: MediaEvent.Room(sid: "RM_1", name: lines[2], createdAt: nil))
    }
}

/// Nobody listens.
struct NoListeners: MeetingEventPublishing {
    func publish(_ event: MeetingEvent) async {}
}
