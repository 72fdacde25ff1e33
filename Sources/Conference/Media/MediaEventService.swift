import FoundationEssentials

/// Takes the media server's events: stores each before anything else, applies it, and tells those who are in the meeting.
public struct MediaEventService: Sendable {
    public enum Receipt: String, Hashable, Sendable {
        case applied
        /// It came before.
        case duplicate
        /// Stored, but it could not be applied yet; the reconciler tries again.
        case stored
    }

    private let store: any MediaStateStoring
    private let presence: any PresenceTracking
    private let egress: any EgressEventHandling
    private let door: MediaDoorkeeper
    private let events: any MeetingEventPublishing
    private let clock: any WallClock
    private let onFailure: @Sendable (_ event: MediaEvent, _ error: any Error) -> Void

    /// - Parameters:
    ///   - server: is told to send away who may not be there.
    ///   - onFailure: hears of what could not be done; for the log.
    public init(
        store: any MediaStateStoring, server: any MediaServing, presence: any PresenceTracking,
        egress: any EgressEventHandling, events: any MeetingEventPublishing, clock: any WallClock,
        onFailure: @escaping @Sendable (_ event: MediaEvent, _ error: any Error) -> Void = { _, _ in }
    ) {
        self.store = store
        self.presence = presence
        self.egress = egress
        door = MediaDoorkeeper(store: store, server: server)
        self.events = events
        self.clock = clock
        self.onFailure = onFailure
    }

    /// Throws `unavailable` when it could not be stored.
    public func receive(_ event: MediaEvent) async throws -> Receipt {
        guard try await store.insert(event, receivedAt: clock.now) else { return .duplicate }
        return await apply(event) ? .applied : .stored
    }

    /// Applies events that were received before a moment and could not be applied then. Returns how many could be now.
    public func applyPending(receivedBefore moment: Date, limit: Int = 500) async throws -> Int {
        var applied = 0
        for event in try await store.pending(receivedBefore: moment, now: clock.now, limit: limit)
        where await apply(event) {
            applied += 1
        }
        return applied
    }

    /// Applies what was found by looking, and returns what that changed.
    func repair(_ report: MediaReport) async throws -> [MediaOutcome.Change] {
        let outcome = try await store.apply(report, at: clock.now)
        await tell(outcome, in: report.meetingID)
        return outcome.changes
    }

    func settle(_ meeting: MeetingID, hasRoom: Bool, at moment: Date) async throws -> [MediaOutcome.Change] {
        let outcome = try await store.settle(meeting, hasRoom: hasRoom, at: moment)
        await tell(outcome, in: meeting)
        return outcome.changes
    }

    private func apply(_ event: MediaEvent) async -> Bool {
        do {
            if let recording = event.egress {
                try await egress.handle(recording, at: event.occurredAt)
                try await store.markApplied(event.id, note: nil, at: clock.now)
                return true
            }
            let report: MediaReport
            do {
                report = try MediaReport(event)
            } catch {
                try await store.markApplied(event.id, note: error.reason, at: clock.now)
                return true
            }
            let outcome = try await store.apply(report, of: event.id, at: clock.now)
            await tell(outcome, in: report.meetingID)
            await guardDoor(event, report)
            return true
        } catch {
            onFailure(event, error)
            try? await store.markFailed(event.id, reason: "\(error)")
            return false
        }
    }

    /// Whoever just connected, or sends, is looked at once more. It is done with the event, whether the media server answers
    /// or not: the reconciler looks too.
    private func guardDoor(_ event: MediaEvent, _ report: MediaReport) async {
        let arrived = report.facts.compactMap(\.presentID)
        do {
            _ = try await door.sendAway(from: report.meetingID, among: arrived)
        } catch {
            onFailure(event, error)
        }
    }

    private func tell(_ outcome: MediaOutcome, in meeting: MeetingID) async {
        for change in outcome.changes {
            switch change {
            case .joined(let participant):
                // Presence is refreshed by the reconciler; nobody is to wait for it here.
                try? await presence.add(participant, to: meeting.uuid)
                await events.publish(
                    MeetingEvent(
                        .participantJoined, in: meeting, at: participant.joinedAt,
                        data: [
                            "participantId": .string(participant.identity),
                            "displayName": .string(participant.displayName),
                        ]))
            case .left(let identity, let name, let at):
                _ = try? await presence.remove(identity: identity, from: meeting.uuid)
                await events.publish(
                    MeetingEvent(
                        .participantLeft, in: meeting, at: at,
                        data: ["participantId": .string(identity), "displayName": .string(name)]))
            case .meetingStarted:
                await events.publish(MeetingEvent(.meetingStarted, in: meeting, at: clock.now))
            case .meetingFinished(let state, let at):
                await events.publish(
                    MeetingEvent(.meetingEnded, in: meeting, at: at, data: ["state": .string(state.rawValue)]))
            case .roomOpened, .roomFinished, .connectionAborted, .trackPublished, .trackUnpublished: break
            }
        }
    }
}

extension MeetingEvent.Name {
    /// Someone is connected. Data: `participantId`, `displayName`.
    public static let participantJoined = MeetingEvent.Name(rawValue: "participant.joined")
    /// Someone has no connection any more. Data: `participantId`, `displayName`.
    public static let participantLeft = MeetingEvent.Name(rawValue: "participant.left")
    public static let meetingStarted = MeetingEvent.Name(rawValue: "meeting.started")
}
