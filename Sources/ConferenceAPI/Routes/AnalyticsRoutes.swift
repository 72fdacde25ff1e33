import Conference
import FoundationEssentials
import HTTPServer

/// The figures of meetings over time.
struct AnalyticsRoutes: Sendable {
    private let analytics: AnalyticsService

    init(_ dependencies: APIDependencies) {
        analytics = dependencies.analytics
    }

    private static let parameters: [Operation.Parameter] = [
        Operation.Parameter(
            place: .query, name: "from", summary: "The first day, in UTC; by default 30 days until the last one.",
            schema: .day, example: "2026-03-01"),
        Operation.Parameter(
            place: .query, name: "to", summary: "The last day, included, in UTC; today by default.", schema: .day,
            example: "2026-03-31"),
        Operation.Parameter(
            place: .query, name: "interval",
            summary: "The steps; `day` by default. At most \(Limits.analyticsSteps) of them.",
            schema: AnalyticsSchemas.interval, example: "day"),
        Operation.Parameter(
            place: .query, name: "scope", summary: "Whose meetings; `own` by default, `all` for administrators.",
            schema: .choice(["own", "all"]), example: "own"),
    ]

    private static let detail = """
        Each time that a meeting was live counts for the step in which it began, once it has ended; some seconds pass \
        until then. Days, weeks (from Monday) and months are in UTC. Those of one's own meetings; administrators get \
        everybody's with `scope=all`. Figures of meetings that were deleted stay.
        """

    var operations: [Operation] {
        [
            Operation(
                method: .get, template: "/api/v1/analytics", id: "getAnalytics", tag: "Analytics",
                summary: "Meetings over time", detail: AnalyticsRoutes.detail, parameters: AnalyticsRoutes.parameters,
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "Sums of the whole time and of each step.",
                        schema: AnalyticsSchemas.overview, example: Examples.analyticsOverview)
                ],
                problems: [.forbidden, .invalid]
            ) { call in
                let overview = try await overview(call)
                return .json { AnalyticsWriter.write(overview, to: &$0) }
            },
            Operation(
                method: .get, template: "/api/v1/analytics.csv", id: "exportAnalytics", tag: "Analytics",
                summary: "Meetings over time, for a spreadsheet",
                detail: "The steps of `getAnalytics` as comma-separated values (RFC 4180) in UTF-8.",
                parameters: AnalyticsRoutes.parameters,
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "A title row, and a row for each step.", contentType: "text/csv",
                        schema: .string(), example: .string(AnalyticsRoutes.example))
                ],
                problems: [.forbidden, .invalid]
            ) { call in
                let overview = try await overview(call)
                var rows = CSVWriter()
                rows.row(AnalyticsWriter.stepTitles.map { .text($0) })
                for step in overview.steps { rows.row(AnalyticsWriter.row(step)) }
                let days = [overview.period.start, overview.period.end.addingTimeInterval(-1)].map(RFC3339.formatDay)
                return HTTPResponse(
                    .ok, contentType: CSVWriter.contentType, bytes: rows.bytes,
                    headers: [
                        "Content-Disposition": "attachment; filename=\"meetings \(days[0]) to \(days[1]).csv\""
                    ])
            },
        ]
    }

    private static let example = """
        \(AnalyticsWriter.stepTitles.joined(separator: ","))\r
        2026-03-02,1,3020,12,9,14,14,27540,1,1,1,2708,4,4.5\r

        """

    private func overview(_ call: Call) async throws -> AnalyticsOverview {
        let period = try analytics.period(
            from: call.query("from").flatMap(RFC3339.parseDay), to: call.query("to").flatMap(RFC3339.parseDay),
            by: call.query("interval").flatMap(AnalyticsPeriod.Interval.init) ?? .day)
        return try await analytics.overview(
            of: period, everybodys: call.query("scope") == "all", by: call.principal())
    }
}
