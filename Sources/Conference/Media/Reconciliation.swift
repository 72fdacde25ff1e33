import FoundationEssentials

/// What has to be repaired, found by comparing what goes on at the media server with what we think goes on.
struct Reconciliation: Equatable {
    /// What we learnt so shortly before looking may be on its way in the other direction; it is left for the next time.
    static let grace: TimeInterval = 5

    /// A room of ours on the media server with everyone in it.
    struct ServerRoom {
        let room: MediaRoom
        let meetingID: MeetingID
        let participants: [MediaParticipant]
    }

    private(set) var reports: [MediaReport] = []

    /// - Parameters:
    ///   - rooms: all rooms of ours on the media server.
    ///   - open: what we thought after the rooms had been listed.
    ///   - moment: when the look at the media server began.
    init(rooms: [ServerRoom], open: [OpenMedia], at moment: Date) {
        let known = Dictionary(open.map { ($0.meetingID, $0) }) { first, _ in first }
        for room in rooms { addMissed(room, known[room.meetingID]) }
        let serverRooms = Dictionary(grouping: rooms, by: \.meetingID)
        for media in open { addEnded(media, serverRooms[media.meetingID] ?? [], before: moment) }
    }

    /// What is there and unknown to us.
    private mutating func addMissed(_ room: ServerRoom, _ media: OpenMedia?) {
        let knownSessions = Set(media?.sessions.map(\.sid) ?? [])
        var facts: [MediaFact] = []
        if media?.rooms.contains(where: { $0.sid == room.room.sid }) != true {
            facts.append(.roomExists(createdAt: room.room.createdAt))
        }
        for participant in room.participants where participant.state == .active {
            guard let id = participant.participantID, !knownSessions.contains(participant.sid),
                let joinedAt = participant.joinedAt
            else { continue }
            facts.append(.connected(id, sid: participant.sid, at: joinedAt))
        }
        add(facts, room.meetingID, room.room.sid)
    }

    /// What is gone and still there for us.
    private mutating func addEnded(_ media: OpenMedia, _ rooms: [ServerRoom], before moment: Date) {
        let limit = moment.addingTimeInterval(-Self.grace)
        let present = Set(rooms.flatMap(\.participants).filter { $0.state != .disconnected }.map(\.sid))
        var facts: [String: [MediaFact]] = [:]
        for session in media.sessions where !present.contains(session.sid) && session.recordedAt < limit {
            facts[session.roomSID, default: []].append(
                .left(session.participantID, sid: session.sid, joinedAt: nil, at: moment, reason: nil))
        }
        for room in media.rooms where room.recordedAt < limit && !rooms.contains(where: { $0.room.sid == room.sid }) {
            facts[room.sid, default: []].append(.roomFinished(at: moment))
        }
        for (sid, facts) in facts.sorted(by: { $0.key < $1.key }) { add(facts, media.meetingID, sid) }
    }

    private mutating func add(_ facts: [MediaFact], _ meetingID: MeetingID, _ sid: String) {
        if facts.isEmpty || sid.isEmpty { return }
        reports.append(MediaReport(meetingID: meetingID, roomSID: sid, source: .poll, facts: facts))
    }
}
