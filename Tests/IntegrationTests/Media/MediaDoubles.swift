import Conference
import FoundationEssentials
import Platform

final class SettableClock: WallClock {
    private let time: Lock<Date>

    init(_ time: Date) { self.time = Lock(time) }

    var now: Date { time.withLock { $0 } }
    func set(_ date: Date) { time.withLock { $0 = date } }
}

/// A media server that is as a test says.
final class ScriptedMediaServer: MediaServing, MediaRecording {
    struct Content {
        var rooms: [MediaRoom] = []
        var participants: [String: [MediaParticipant]] = [:]
        var recordings: [MediaEgress] = []
        var deleted: [String] = []
        var sentAway: [ParticipantID] = []
        var isAway = false
    }

    private let content = Lock(Content())

    func change(_ body: @Sendable (inout Content) -> Void) { content.withLock { body(&$0) } }
    var deleted: [String] { content.withLock { $0.deleted } }
    var sentAway: [ParticipantID] { content.withLock { $0.sentAway } }

    private func read<Value: Sendable>(_ body: (Content) -> Value) throws -> Value {
        let content = content.withLock { $0 }
        if content.isAway { throw ConferenceError.unavailable(service: "media server", cause: "test") }
        return body(content)
    }

    func rooms() async throws -> [MediaRoom] { try read(\.rooms) }

    func participants(in meeting: MeetingID) async throws -> [MediaParticipant] {
        try read { $0.participants[meeting.description] ?? [] }
    }

    func deleteRoom(named name: String) async throws -> Bool {
        content.withLock { $0.deleted.append(name) }
        return true
    }

    func recordings(in meeting: MeetingID?) async throws -> [MediaEgress] { try read(\.recordings) }

    struct Unexpected: Error {}

    func createRoom(for meeting: MeetingID, options: MediaRoomOptions) async throws -> MediaRoom { throw Unexpected() }
    func room(of meeting: MeetingID) async throws -> MediaRoom? { throw Unexpected() }
    func setMetadata(_ metadata: String, ofRoom meeting: MeetingID) async throws { throw Unexpected() }
    func participant(_ id: ParticipantID, in meeting: MeetingID) async throws -> MediaParticipant? {
        throw Unexpected()
    }
    func remove(_ id: ParticipantID, from meeting: MeetingID) async throws -> Bool {
        _ = try read(\.isAway)
        content.withLock { content in
            content.sentAway.append(id)
            content.participants[meeting.description]?.removeAll { $0.participantID == id }
        }
        return true
    }
    func muteTrack(_ sid: String, of id: ParticipantID, in meeting: MeetingID) async throws -> Bool {
        throw Unexpected()
    }
    func update(
        _ id: ParticipantID, in meeting: MeetingID, with update: MediaParticipantUpdate
    ) async throws -> MediaParticipant { throw Unexpected() }
    func send(_ message: [UInt8], topic: String, to recipients: [ParticipantID]?, in meeting: MeetingID) async throws {
        throw Unexpected()
    }
    func startRecording(_ request: MediaRecordingRequest) async throws -> MediaEgress { throw Unexpected() }
    func stopRecording(_ egressID: String) async throws -> MediaEgress? { throw Unexpected() }
    func recording(_ egressID: String) async throws -> MediaEgress? { throw Unexpected() }
}

final class MemoryPresence: PresenceTracking {
    private let content = Lock<[UUID: [String: PresentParticipant]]>([:])

    func add(_ participant: PresentParticipant, to meetingID: UUID) async throws {
        content.withLock { $0[meetingID, default: [:]][participant.identity] = participant }
    }

    func touch(identity: String, in meetingID: UUID) async throws -> Bool {
        content.withLock { $0[meetingID]?[identity] != nil }
    }

    func remove(identity: String, from meetingID: UUID) async throws -> Bool {
        content.withLock { $0[meetingID]?.removeValue(forKey: identity) != nil }
    }

    func list(meetingID: UUID) async throws -> [PresentParticipant] {
        content.withLock { ($0[meetingID] ?? [:]).values.sorted { $0.identity < $1.identity } }
    }

    func count(meetingID: UUID) async throws -> Int { try await list(meetingID: meetingID).count }
}

final class CollectedEvents: MeetingEventPublishing {
    private let events = Lock<[MeetingEvent]>([])

    func publish(_ event: MeetingEvent) async { events.withLock { $0.append(event) } }
    func names(in meeting: MeetingID) -> [String] {
        events.withLock { $0 }.filter { $0.meetingID == meeting }.map(\.name.rawValue)
    }
}

final class CollectedEgress: EgressEventHandling {
    private struct Content {
        var reports: [MediaEgress] = []
        var fails = false
    }

    private let content = Lock(Content())

    struct Failure: Error {}

    var reports: [MediaEgress] { content.withLock { $0.reports } }
    func fail(_ fails: Bool) { content.withLock { $0.fails = fails } }

    func handle(_ egress: MediaEgress, at moment: Date) async throws {
        let fails = content.withLock { content in
            if !content.fails { content.reports.append(egress) }
            return content.fails
        }
        if fails { throw Failure() }
    }
}
