import FoundationEssentials

/// The figures of meetings, for those who manage them, and what people in them say of a call.
public struct AnalyticsService: Sendable {
    /// A gathering is summed up this long after its end: an event that is being written down while the meeting is ended is
    /// seen then.
    private static let settling = Duration.seconds(10)
    private static let batch = 50

    private let store: any AnalyticsStoring
    private let meetings: any MeetingStoring
    private let participants: any ParticipantStoring
    private let clock: any WallClock

    public init(
        store: any AnalyticsStoring, meetings: any MeetingStoring, participants: any ParticipantStoring,
        clock: any WallClock
    ) {
        self.store = store
        self.meetings = meetings
        self.participants = participants
        self.clock = clock
    }

    // MARK: Reading

    /// The period of which something was asked.
    public func period(from: Date?, to: Date?, by interval: AnalyticsPeriod.Interval) throws -> AnalyticsPeriod {
        try AnalyticsPeriod(from: from, to: to, by: interval, now: clock.now)
    }

    /// One's own meetings over time; for administrators with `everybodys`, all.
    public func overview(
        of period: AnalyticsPeriod, everybodys: Bool = false, by actor: Principal
    ) async throws -> AnalyticsOverview {
        if everybodys { try actor.requireAdmin() }
        let steps = try await store.steps(of: period, owner: everybodys ? nil : actor.accountID)
        var totals = GatheringSums()
        for step in steps { totals.add(step.sums) }
        return AnalyticsOverview(period: period, totals: totals, steps: steps)
    }

    /// Throws `notFound(.meeting)` unless `actor` manages it.
    public func analytics(of id: MeetingID, by actor: Principal) async throws -> MeetingAnalytics {
        _ = try await managed(id, by: actor)
        return try await store.analytics(of: id, at: clock.now)
    }

    /// The people of a meeting, in the order of coming. Throws `notFound(.meeting)`.
    public func participants(
        of id: MeetingID, _ page: PageRequest, by actor: Principal
    ) async throws -> Page<ParticipantFigures> {
        _ = try await managed(id, by: actor)
        let fetched = try await store.participants(
            of: id, after: page.cursor.map { ParticipantID($0.after) }, limit: page.limit + 1, at: clock.now)
        return .cut(fetched, limit: page.limit, id: \.id.uuid)
    }

    /// All the people of a meeting, in pieces; nil at the end. Throws `notFound(.meeting)` before the first.
    public func allParticipants(
        of id: MeetingID, by actor: Principal
    ) async throws -> @Sendable (_ after: ParticipantID?) async throws -> [ParticipantFigures]? {
        _ = try await managed(id, by: actor)
        let now = clock.now
        return { [store] after in
            let people = try await store.participants(of: id, after: after, limit: 500, at: now)
            return people.isEmpty ? nil : people
        }
    }

    private func managed(_ id: MeetingID, by actor: Principal) async throws -> Meeting {
        guard let meeting = try await meetings.meeting(.id(id)), meeting.isManaged(by: actor) else {
            throw ConferenceError.notFound(.meeting)
        }
        return meeting
    }

    // MARK: Feedback

    /// What someone in the meeting, or who has left it, thinks of the call. Their last word counts.
    ///
    /// Throws `invalid`, `notAdmitted`, `notInMeeting`, `notFound(.participant)` for a host without a participant's key,
    /// `notFound(.meeting)` for strangers.
    public func rate(
        _ rating: Int, comment: String?, in id: MeetingID, by caller: MeetingCaller
    ) async throws {
        let (_, participant) = try await caller.participant(in: id, meetings, participants)
        guard participant.admittedAt != nil else { throw ConferenceError.notAdmitted }
        var problems = FieldProblems()
        problems.require((1...5).contains(rating), "rating", "must be 1 to 5")
        let text = comment.map(Text.lines).flatMap { $0.isEmpty ? nil : $0 }
        problems.check(
            text.flatMap {
                Text.lengthProblem($0, characters: Limits.commentCharacters, bytes: Limits.commentBytes)
            }.map { FieldProblem("comment", $0) })
        guard problems.isEmpty else { throw problems.error }
        try await store.insert(
            Feedback(rating: rating, comment: text, givenAt: clock.now), of: participant.id, in: id)
    }

    // MARK: Keeping

    /// Sums up anew what has changed. Returns how many gatherings that was.
    public func summarise() async throws -> Int {
        var all = 0
        while true {
            let count = try await store.summarise(endedBefore: clock.now - Self.settling, limit: Self.batch)
            all += count
            guard count == Self.batch else { return all }
            try Task.checkCancellation()
        }
    }
}

extension GatheringSums {
    mutating func add(_ other: GatheringSums) {
        gatherings += other.gatherings
        durationSeconds += other.durationSeconds
        figures.participants += other.figures.participants
        figures.peakParticipants = max(figures.peakParticipants, other.figures.peakParticipants)
        figures.joins += other.figures.joins
        figures.leaves += other.figures.leaves
        figures.participantSeconds += other.figures.participantSeconds
        figures.abortedConnections += other.figures.abortedConnections
        figures.neverConnected += other.figures.neverConnected
        figures.recordings += other.figures.recordings
        figures.recordedSeconds += other.figures.recordedSeconds
        figures.ratings += other.figures.ratings
        figures.ratingSum += other.figures.ratingSum
    }
}
