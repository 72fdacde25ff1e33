public import Conference
import Platform

/// A media server in memory, which writes down what it was asked to change.
public final class MemoryRooms: MediaServing {
    private struct Content {
        var rooms: [MeetingID: MediaRoomOptions] = [:]
        var people: [MeetingID: [ParticipantID: MediaParticipant]] = [:]
        var calls: [String] = []
        var isAway = false
    }

    private let content = Lock(Content())

    public init() {}

    /// Each as the function's name and what it was about.
    public var calls: [String] { content.withLock { $0.calls } }
    public var rooms: [MeetingID: MediaRoomOptions] { content.withLock { $0.rooms } }

    public var isAway: Bool {
        get { content.withLock { $0.isAway } }
        set { content.withLock { $0.isAway = newValue } }
    }

    public func connect(_ participant: Participant, tracks: [MediaTrack] = [], grants: RoomGrants? = nil) {
        content.withLock { content in
            content.people[participant.meetingID, default: [:]][participant.id] = MediaParticipant(
                sid: "PA_\(participant.id)", identity: participant.id.description, joinedAt: nil, grants: grants,
                tracks: tracks)
        }
    }

    public func person(_ id: ParticipantID, in meeting: MeetingID) -> MediaParticipant? {
        content.withLock { $0.people[meeting]?[id] }
    }

    private func asked<Value>(_ call: String, _ body: (inout sending Content) throws -> sending Value) throws -> Value {
        try content.withLock { content in
            guard !content.isAway else { throw ConferenceError.unavailable(service: "media server", cause: "test") }
            content.calls.append(call)
            return try body(&content)
        }
    }

    public func createRoom(for meeting: MeetingID, options: MediaRoomOptions) async throws -> MediaRoom {
        try asked("createRoom \(meeting)") { content in
            if content.rooms[meeting] == nil { content.rooms[meeting] = options }
            return MediaRoom(sid: "RM", name: meeting.description, createdAt: nil)
        }
    }

    public func room(of meeting: MeetingID) async throws -> MediaRoom? {
        try asked("room") { content in
            content.rooms[meeting].map { _ in MediaRoom(sid: "RM", name: meeting.description, createdAt: nil) }
        }
    }

    public func rooms() async throws -> [MediaRoom] { fatalError("no test expects all rooms to be listed") }

    public func deleteRoom(named name: String) async throws -> Bool {
        try asked("deleteRoom \(name)") { content in
            guard let id = MeetingID(name) else { return false }
            content.people[id] = nil
            return content.rooms.removeValue(forKey: id) != nil
        }
    }

    public func setMetadata(_ metadata: String, ofRoom meeting: MeetingID) async throws {
        try asked("setMetadata") { content in
            guard content.rooms[meeting] != nil else { throw ConferenceError.notFound(.meeting) }
            content.rooms[meeting]?.metadata = metadata
        }
    }

    public func participants(in meeting: MeetingID) async throws -> [MediaParticipant] {
        try asked("participants") { Array(($0.people[meeting] ?? [:]).values) }
    }

    public func participant(_ id: ParticipantID, in meeting: MeetingID) async throws -> MediaParticipant? {
        try asked("participant") { $0.people[meeting]?[id] }
    }

    public func remove(_ id: ParticipantID, from meeting: MeetingID) async throws -> Bool {
        try asked("remove \(id)") { $0.people[meeting]?.removeValue(forKey: id) != nil }
    }

    public func muteTrack(_ sid: String, of id: ParticipantID, in meeting: MeetingID) async throws -> Bool {
        try asked("muteTrack \(sid)") { content in
            guard let person = content.people[meeting]?[id] else { return false }
            content.people[meeting]?[id] = person.with(
                tracks: person.tracks.map { track in
                    MediaTrack(
                        sid: track.sid, kind: track.kind, source: track.source,
                        isMuted: track.isMuted || track.sid == sid)
                })
            return true
        }
    }

    public func update(
        _ id: ParticipantID, in meeting: MeetingID, with update: MediaParticipantUpdate
    ) async throws -> MediaParticipant {
        let sources = update.grants.map { "[\($0.publishSources.map(\.rawValue).joined(separator: " "))]" } ?? ""
        let attributes = update.attributes.keys.sorted().map { "\($0)=\(update.attributes[$0] ?? "")" }
        return try asked("update \(id) \(sources) \(attributes.joined(separator: " "))") { content in
            guard let person = content.people[meeting]?[id] else { throw ConferenceError.notFound(.participant) }
            let updated = MediaParticipant(
                sid: person.sid, identity: person.identity, joinedAt: nil,
                attributes: person.attributes.merging(update.attributes) { $1 },
                grants: update.grants ?? person.grants, tracks: person.tracks)
            content.people[meeting]?[id] = updated
            return updated
        }
    }

    public func send(
        _ message: [UInt8], topic: String, to recipients: [ParticipantID]?, in meeting: MeetingID
    ) async throws {
        fatalError("no test expects a message")
    }
}

extension MediaParticipant {
    fileprivate func with(tracks: [MediaTrack]) -> MediaParticipant {
        MediaParticipant(
            sid: sid, identity: identity, joinedAt: joinedAt, attributes: attributes, grants: grants, tracks: tracks)
    }
}
