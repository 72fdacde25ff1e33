import FoundationEssentials

/// Days, and the steps into which they are divided. All in UTC.
public struct AnalyticsPeriod: Hashable, Sendable {
    public enum Interval: String, Sendable, CaseIterable {
        case day, week, month

        /// About, in days.
        fileprivate var days: Double {
            switch self {
            case .day: 1
            case .week: 7
            case .month: 28
            }
        }
    }

    /// The beginning of the first day.
    public let start: Date
    /// The end of the last day.
    public let end: Date
    public let interval: Interval

    private static let day: TimeInterval = 86_400
    /// 2000-01-01 and 2200-01-01.
    private static let years = Date(timeIntervalSince1970: 946_684_800)..<Date(timeIntervalSince1970: 7_258_118_400)

    /// - Parameters:
    ///   - first: the beginning of the first day; by default 30 days until the last one.
    ///   - last: the beginning of the last day; by default today.
    /// - Throws: `ConferenceError.invalid`.
    public init(from first: Date?, to last: Date?, by interval: Interval, now: Date) throws {
        let today = Date(timeIntervalSince1970: (now.timeIntervalSince1970 / Self.day).rounded(.down) * Self.day)
        let last = last ?? max(today, first ?? today)
        let first = first ?? last.addingTimeInterval(-29 * Self.day)
        var problems = FieldProblems()
        problems.require(Self.years.contains(first), "from", "must be a day of the years 2000 to 2199")
        problems.require(Self.years.contains(last), "to", "must be a day of the years 2000 to 2199")
        problems.require(first <= last, "to", "must not be before from")
        start = first
        end = last.addingTimeInterval(Self.day)
        self.interval = interval
        let steps = end.timeIntervalSince(start) / (interval.days * Self.day)
        problems.require(
            steps <= Double(Limits.analyticsSteps), "interval",
            "makes more than \(Limits.analyticsSteps) steps of that time; choose a longer one")
        guard problems.isEmpty else { throw problems.error }
    }
}

/// The gatherings that began in one step of a period.
public struct AnalyticsStep: Hashable, Sendable {
    /// When the step begins: midnight of a day, a Monday, or the first of a month. The first one may begin before the period.
    public let start: Date
    public let sums: GatheringSums

    public init(start: Date, sums: GatheringSums) {
        self.start = start
        self.sums = sums
    }
}

/// The gatherings of a period.
public struct AnalyticsOverview: Hashable, Sendable {
    public let period: AnalyticsPeriod
    public let totals: GatheringSums
    /// Every step of the period, empty ones too.
    public let steps: [AnalyticsStep]
}
