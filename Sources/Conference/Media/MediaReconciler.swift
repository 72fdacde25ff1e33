import FoundationEssentials

/// Looks at the media server and repairs what its events, which get lost, have not told us.
public struct MediaReconciler: Sendable {
    /// What one look led to.
    public struct Report: Hashable, Sendable {
        /// Repairs by their kind, such as `participant_left`.
        public var repaired: [String: Int] = [:]
        /// Rooms of ended meetings that were deleted.
        public var deletedRooms = 0
        /// Why the recorder could not be asked; nil when it was.
        public var recorderFailure: String?

        public var isEmpty: Bool { repaired.isEmpty && deletedRooms == 0 }

        mutating func count(_ changes: [MediaOutcome.Change]) {
            for change in changes { repaired[change.name, default: 0] += 1 }
        }
    }

    /// How long applied events are kept.
    static let inboxAge: TimeInterval = 30 * 86400
    /// Ended recordings are handed over once more when their news isn't older than this.
    static let recordingAge: TimeInterval = 3600

    private let server: any MediaServing
    private let recorder: any MediaRecording
    private let store: any MediaStateStoring
    private let events: MediaEventService
    private let egress: any EgressEventHandling
    private let presence: any PresenceTracking
    private let clock: any WallClock
    private let door: MediaDoorkeeper

    public init(
        server: any MediaServing, recorder: any MediaRecording, store: any MediaStateStoring,
        events: MediaEventService, egress: any EgressEventHandling, presence: any PresenceTracking,
        clock: any WallClock
    ) {
        self.server = server
        self.recorder = recorder
        self.store = store
        self.events = events
        self.egress = egress
        self.presence = presence
        self.clock = clock
        door = MediaDoorkeeper(store: store, server: server)
    }

    /// Looks once. Repairs are safe to be made twice, so it does no harm if another instance looks at the same time.
    ///
    /// Throws `unavailable` when the media server or the database doesn't answer; what was repaired until then stays.
    public func run() async throws -> Report {
        var report = Report()
        let begin = clock.now
        let limit = begin.addingTimeInterval(-Reconciliation.grace)
        let late = try await events.applyPending(receivedBefore: limit)
        if late > 0 { report.repaired["event_applied"] = late }
        let rooms = try await serverRooms()
        let open = try await store.open()
        for repair in Reconciliation(rooms: rooms, open: open, at: begin).reports {
            report.count(try await events.repair(repair))
        }
        for media in open where media.state == .live && media.updatedAt < limit {
            let hasRoom = rooms.contains { $0.meetingID == media.meetingID }
            report.count(try await events.settle(media.meetingID, hasRoom: hasRoom, at: begin))
        }
        try await refreshPresence(rooms)
        report.deletedRooms = try await deleteRooms(ofEnded: rooms)
        let unwelcome = try await sendAwayUnwelcome(rooms)
        if unwelcome > 0 { report.repaired["participant_sent_away"] = unwelcome }
        report.recorderFailure = try await readRecordings(at: begin)
        _ = try await store.forget(receivedBefore: begin.addingTimeInterval(-Self.inboxAge))
        return report
    }

    /// Counts in the list of rooms lag behind, so the people are asked for room by room.
    private func serverRooms() async throws -> [Reconciliation.ServerRoom] {
        var rooms: [Reconciliation.ServerRoom] = []
        for room in try await server.rooms() {
            guard let meetingID = room.meetingID else { continue }
            rooms.append(
                Reconciliation.ServerRoom(
                    room: room, meetingID: meetingID, participants: try await server.participants(in: meetingID)))
        }
        return rooms
    }

    /// Presence goes away by itself where nobody keeps it.
    private func refreshPresence(_ rooms: [Reconciliation.ServerRoom]) async throws {
        do {
            for room in rooms {
                let present = room.participants.filter { $0.state == .active && $0.participantID != nil }
                for participant in present {
                    let entry = PresentParticipant(
                        identity: participant.identity, displayName: participant.name,
                        joinedAt: participant.joinedAt ?? clock.now)
                    if try await !presence.touch(identity: participant.identity, in: room.meetingID.uuid) {
                        try await presence.add(entry, to: room.meetingID.uuid)
                    }
                }
                let here = Set(present.map(\.identity))
                for entry in try await presence.list(meetingID: room.meetingID.uuid)
                where !here.contains(entry.identity) {
                    try await presence.remove(identity: entry.identity, from: room.meetingID.uuid)
                }
            }
        } catch is PresenceUnavailable {
            // The database's participants serve meanwhile.
        }
    }

    /// Deletes rooms whose meeting has ended: nobody has any business there. Rooms of meetings that we don't know may be
    /// another installation's.
    private func deleteRooms(ofEnded rooms: [Reconciliation.ServerRoom]) async throws -> Int {
        if rooms.isEmpty { return 0 }
        let states = try await store.states(of: rooms.map(\.meetingID))
        var deleted = 0
        for room in rooms where states[room.meetingID] == .ended {
            if try await server.deleteRoom(named: room.room.name) { deleted += 1 }
        }
        return deleted
    }

    /// Who used their token again after they had been thrown out, and whose event was lost.
    private func sendAwayUnwelcome(_ rooms: [Reconciliation.ServerRoom]) async throws -> Int {
        var count = 0
        for room in rooms {
            let connected = room.participants.filter { $0.state != .disconnected }.compactMap(\.participantID)
            count += try await door.sendAway(from: room.meetingID, among: connected)
        }
        return count
    }

    private func readRecordings(at moment: Date) async throws -> String? {
        let recordings: [MediaEgress]
        do {
            recordings = try await recorder.recordings(in: nil)
        } catch ConferenceError.unavailable(_, let cause) {
            return cause
        }
        let limit = moment.addingTimeInterval(-Self.recordingAge)
        for recording in recordings where recording.meetingID != nil {
            if recording.status.isFinal, let last = recording.updatedAt ?? recording.endedAt, last < limit { continue }
            try await egress.handle(recording, at: moment)
        }
        return nil
    }
}
