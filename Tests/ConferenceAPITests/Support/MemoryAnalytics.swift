import Conference
import FoundationEssentials
import Platform

/// Figures that a test sets, and feedback as it was given.
final class MemoryAnalytics: AnalyticsStoring {
    private struct Content {
        var steps: [AnalyticsStep] = []
        var people: [ParticipantFigures] = []
        var feedback: [ParticipantID: Feedback] = [:]
        var asked: [(period: AnalyticsPeriod, owner: AccountID?)] = []
    }

    private let content = Lock(Content())

    var feedback: [ParticipantID: Feedback] { content.withLock { $0.feedback } }
    /// The periods that were asked for, and whose meetings.
    var asked: [(period: AnalyticsPeriod, owner: AccountID?)] { content.withLock { $0.asked } }

    func set(_ steps: [AnalyticsStep]) { content.withLock { $0.steps = steps } }
    func set(_ people: [ParticipantFigures]) { content.withLock { $0.people = people } }

    func steps(of period: AnalyticsPeriod, owner: AccountID?) async throws -> [AnalyticsStep] {
        content.withLock { content in
            content.asked.append((period, owner))
            return content.steps
        }
    }

    func analytics(of meeting: MeetingID, at moment: Date) async throws -> MeetingAnalytics {
        MeetingAnalytics(
            totals: GatheringSums(),
            gatherings: [Gathering(startedAt: moment - 60, endedAt: nil, figures: GatheringFigures())],
            stars: [0, 0, 0, 0, 1], comments: [FeedbackComment(rating: 5, text: "Clear", givenAt: moment)])
    }

    func participants(
        of meeting: MeetingID, after: ParticipantID?, limit: Int, at moment: Date
    ) async throws -> [ParticipantFigures] {
        content.withLock { Array($0.people.filter { person in after.map { person.id > $0 } ?? true }.prefix(limit)) }
    }

    func insert(_ feedback: Feedback, of participant: ParticipantID, in meeting: MeetingID) async throws {
        content.withLock { $0.feedback[participant] = feedback }
    }

    func summarise(endedBefore moment: Date, limit: Int) async throws -> Int { 0 }
}
