public import Conference
public import FoundationEssentials

/// Lobby and moderation with the rules that the ports promise, for stores that keep people in memory.
public protocol MemoryPeople: LobbyStoring, ModerationStoring {
    func people(in meeting: MeetingID) -> [Participant]
    func storedMeeting(_ id: MeetingID) -> Meeting?
    func store(_ participant: Participant)
    func store(_ meeting: Meeting)
}

extension MemoryPeople {
    private func find(_ id: ParticipantID, _ meeting: MeetingID) -> Participant? {
        people(in: meeting).first { $0.id == id }
    }

    private func seatsTaken(_ meeting: MeetingID, _ moment: Date) -> Int {
        people(in: meeting).count {
            $0.leftAt == nil && $0.admittedAt != nil && ($0.connectedAt != nil || ($0.seatHeldUntil ?? moment) > moment)
        }
    }

    public func participants(
        in meeting: MeetingID, waiting: Bool?, knockedAfter: Date, after: ParticipantID?, limit: Int
    ) async throws -> [Participant] {
        let found = people(in: meeting).filter { person in
            person.leftAt == nil && person.removedAt == nil && (after.map { person.id > $0 } ?? true)
                && (person.admittedAt == nil ? waiting != false && person.joinedAt > knockedAfter : waiting != true)
        }
        return Array(found.sorted { $0.id < $1.id }.prefix(limit))
    }

    public func admit(
        _ id: ParticipantID, in meeting: MeetingID, knockedAfter: Date, at moment: Date, seatHeldUntil: Date
    ) async throws -> AdmissionOutcome {
        guard let person = find(id, meeting) else { return .missing }
        switch person.status(at: moment) {
        case .admitted: return .already(person)
        case .waiting where person.joinedAt > knockedAfter: return seat(person, moment, seatHeldUntil)
        default: return .notWaiting
        }
    }

    public func holdSeat(
        of id: ParticipantID, in meeting: MeetingID, at moment: Date, until: Date
    ) async throws -> AdmissionOutcome {
        guard let person = find(id, meeting) else { return .missing }
        guard person.status(at: moment) == .admitted else { return .notWaiting }
        return seat(person, moment, until)
    }

    private func seat(_ person: Participant, _ moment: Date, _ until: Date) -> AdmissionOutcome {
        guard var meeting = storedMeeting(person.meetingID) else { return .missing }
        guard meeting.state != .ended else { return .ended }
        let hasSeat = person.connectedAt != nil || (person.seatHeldUntil.map { $0 > moment } ?? false)
        if !hasSeat, let capacity = meeting.settings.capacity, seatsTaken(meeting.id, moment) >= capacity {
            return .full
        }
        let seated = person.with(admittedAt: person.admittedAt ?? moment, seatHeldUntil: until)
        store(seated)
        if meeting.state == .scheduled {
            meeting.state = .live
            meeting.startedAt = moment
            meeting.version += 1
            store(meeting)
        }
        return .admitted(seated, meeting)
    }

    public func admitAll(
        in meeting: MeetingID, knockedAfter: Date, at moment: Date, seatHeldUntil: Date
    ) async throws -> GroupAdmission? {
        guard let stored = storedMeeting(meeting) else { return nil }
        guard stored.state != .ended else { throw ConferenceError.meetingEnded }
        var admitted: [Participant] = []
        var left = 0
        let waiting = try await participants(
            in: meeting, waiting: true, knockedAfter: knockedAfter, after: nil, limit: .max)
        for person in waiting {
            if case .admitted(let seated, _) = seat(person, moment, seatHeldUntil) {
                admitted.append(seated)
            } else {
                left += 1
            }
        }
        return GroupAdmission(admitted: admitted, stillWaiting: left)
    }

    public func deny(_ id: ParticipantID, in meeting: MeetingID, at moment: Date) async throws -> DenialOutcome {
        guard let person = find(id, meeting) else { return .missing }
        if person.deniedAt != nil { return .already }
        guard person.admittedAt == nil, person.leftAt == nil else { return .notWaiting }
        let denied = person.with(leftAt: moment, deniedAt: moment)
        store(denied)
        return .denied(denied)
    }

    public func endKnocks(before: Date, at moment: Date) async throws -> [Participant] { [] }

    public func remove(_ id: ParticipantID, from meeting: MeetingID, at moment: Date) async throws -> Removal? {
        guard let target = find(id, meeting), var stored = storedMeeting(meeting) else { return nil }
        guard target.role != .host else { throw ConferenceError.conflict(.managesMeeting) }
        let isNew = target.removedAt == nil
        for person in people(in: meeting)
        where person.removedAt == nil
            && (person.id == id
                || (person.leftAt == nil && person.accountID != nil && person.accountID == target.accountID))
        {
            store(person.with(leftAt: person.leftAt ?? moment, removedAt: moment))
        }
        let concerned = people(in: meeting).filter {
            $0.removedAt != nil && ($0.id == id || ($0.accountID != nil && $0.accountID == target.accountID))
        }
        guard isNew, target.role == .guest, stored.settings.lobby == .off else {
            return Removal(participants: concerned, isNew: isNew, changedMeeting: nil)
        }
        stored.settings.lobby = .guests
        stored.version += 1
        store(stored)
        return Removal(participants: concerned, isNew: isNew, changedMeeting: stored)
    }

    public func liftRemoval(of id: ParticipantID, in meeting: MeetingID) async throws -> Bool? {
        guard let target = find(id, meeting) else { return nil }
        let lifted = people(in: meeting).filter {
            $0.removedAt != nil && ($0.id == id || ($0.accountID != nil && $0.accountID == target.accountID))
        }
        for person in lifted { store(person.lettingBack()) }
        return !lifted.isEmpty
    }

    public func removed(from meeting: MeetingID, after: ParticipantID?, limit: Int) async throws -> [Participant] {
        let found = people(in: meeting).filter { person in
            person.removedAt != nil && (after.map { person.id > $0 } ?? true)
        }
        return Array(found.sorted { $0.id < $1.id }.prefix(limit))
    }

    public func setCohost(
        _ id: ParticipantID, in meeting: MeetingID, since: Date?
    ) async throws -> ParticipantChange? {
        guard let person = present(id, meeting) else { return nil }
        let changed = person.hosting(since: since.map { person.cohostSince ?? $0 })
        store(changed)
        return ParticipantChange(participant: changed, isNew: changed != person)
    }

    public func setHand(_ id: ParticipantID, in meeting: MeetingID, raisedAt: Date?) async throws -> ParticipantChange?
    {
        guard let person = present(id, meeting) else { return nil }
        let changed = person.raisingHand(at: raisedAt.map { person.handRaisedAt ?? $0 })
        store(changed)
        return ParticipantChange(participant: changed, isNew: changed != person)
    }

    private func present(_ id: ParticipantID, _ meeting: MeetingID) -> Participant? {
        find(id, meeting).flatMap { $0.admittedAt != nil && $0.leftAt == nil && $0.removedAt == nil ? $0 : nil }
    }
}

extension Participant {
    /// The same person with what is given changed.
    public func with(
        admittedAt: Date? = nil, seatHeldUntil: Date? = nil, connectedAt: Date? = nil, leftAt: Date? = nil,
        deniedAt: Date? = nil, removedAt: Date? = nil
    ) -> Participant {
        Participant(
            id: id, meetingID: meetingID, accountID: accountID, role: role, displayName: displayName,
            joinedAt: joinedAt, admittedAt: admittedAt ?? self.admittedAt,
            seatHeldUntil: seatHeldUntil ?? self.seatHeldUntil, connectedAt: connectedAt ?? self.connectedAt,
            leftAt: leftAt ?? self.leftAt, cohostSince: cohostSince, handRaisedAt: handRaisedAt,
            deniedAt: deniedAt ?? self.deniedAt, removedAt: removedAt ?? self.removedAt)
    }

    fileprivate func lettingBack() -> Participant { copy(cohostSince, handRaisedAt, removedAt: nil) }
    fileprivate func hosting(since moment: Date?) -> Participant { copy(moment, handRaisedAt, removedAt: removedAt) }
    fileprivate func raisingHand(at moment: Date?) -> Participant { copy(cohostSince, moment, removedAt: removedAt) }

    private func copy(_ cohostSince: Date?, _ handRaisedAt: Date?, removedAt: Date?) -> Participant {
        Participant(
            id: id, meetingID: meetingID, accountID: accountID, role: role, displayName: displayName,
            joinedAt: joinedAt, admittedAt: admittedAt, seatHeldUntil: seatHeldUntil, connectedAt: connectedAt,
            leftAt: leftAt, cohostSince: cohostSince, handRaisedAt: handRaisedAt, deniedAt: deniedAt,
            removedAt: removedAt)
    }
}
