import Conference
import FoundationEssentials
import Platform

/// Writes figures as JSON and as rows.
enum AnalyticsWriter {
    static func write(_ overview: AnalyticsOverview, to writer: inout JSONWriter) {
        writer.member("from", RFC3339.formatDay(overview.period.start))
        writer.member("to", RFC3339.formatDay(overview.period.end.addingTimeInterval(-1)))
        writer.member("interval", overview.period.interval.rawValue)
        writer.member("timeZone", "UTC")
        writer.object("totals") { write(overview.totals, to: &$0) }
        writer.array("steps") { writer in
            for step in overview.steps {
                writer.object { writer in
                    writer.member("start", step.start)
                    writer.object("sums") { write(step.sums, to: &$0) }
                }
            }
        }
    }

    static func write(_ analytics: MeetingAnalytics, of id: MeetingID, to writer: inout JSONWriter) {
        writer.member("meetingId", id)
        write(analytics, to: &writer)
        writer.array("comments") { writer in
            for comment in analytics.comments {
                writer.object { writer in
                    writer.member("rating", comment.rating)
                    writer.member("text", comment.text)
                    writer.member("givenAt", comment.givenAt)
                }
            }
        }
    }

    /// Without what people wrote.
    static func write(_ analytics: MeetingAnalytics, to writer: inout JSONWriter) {
        writer.object("totals") { write(analytics.totals, to: &$0) }
        writer.array("gatherings") { writer in
            for gathering in analytics.gatherings {
                writer.object { writer in
                    writer.member("startedAt", gathering.startedAt)
                    writer.member("endedAt", gathering.endedAt)
                    write(gathering.figures, to: &writer)
                }
            }
        }
        writer.array("stars") { writer in for count in analytics.stars { writer.write(count) } }
    }

    /// - Parameter text: what becomes of the name.
    static func write(
        _ person: ParticipantFigures, to writer: inout JSONWriter, text: (String) -> String = { $0 }
    ) {
        writer.member("id", person.id)
        writer.member("displayName", text(person.displayName.text))
        writer.member("role", person.role.rawValue)
        writer.member("joinedAt", person.joinedAt)
        writer.member("admittedAt", person.admittedAt)
        writer.member("connectedAt", person.connectedAt)
        writer.member("leftAt", person.leftAt)
        writer.member("seconds", person.seconds)
        writer.member("connections", person.connections)
        writer.member("abortedConnections", person.abortedConnections)
    }

    private static func write(_ sums: GatheringSums, to writer: inout JSONWriter) {
        writer.member("gatherings", sums.gatherings)
        writer.member("durationSeconds", sums.durationSeconds)
        write(sums.figures, to: &writer)
    }

    private static func write(_ figures: GatheringFigures, to writer: inout JSONWriter) {
        writer.member("participants", figures.participants)
        writer.member("peakParticipants", figures.peakParticipants)
        writer.member("joins", figures.joins)
        writer.member("leaves", figures.leaves)
        writer.member("participantSeconds", figures.participantSeconds)
        writer.member("abortedConnections", figures.abortedConnections)
        writer.member("neverConnected", figures.neverConnected)
        writer.member("recordings", figures.recordings)
        writer.member("recordedSeconds", figures.recordedSeconds)
        writer.member("ratings", figures.ratings)
        writer.member("averageRating", figures.averageRating)
    }

    // MARK: Rows

    static let stepTitles = [
        "start_utc", "gatherings", "duration_seconds", "participants", "peak_participants", "joins", "leaves",
        "participant_seconds", "aborted_connections", "never_connected", "recordings", "recorded_seconds", "ratings",
        "average_rating",
    ]

    static func row(_ step: AnalyticsStep) -> [CSVCell] {
        let figures = step.sums.figures
        return [
            .text(RFC3339.formatDay(step.start)), .number(step.sums.gatherings), .number(step.sums.durationSeconds),
            .number(figures.participants), .number(figures.peakParticipants), .number(figures.joins),
            .number(figures.leaves), .number(figures.participantSeconds), .number(figures.abortedConnections),
            .number(figures.neverConnected), .number(figures.recordings), .number(figures.recordedSeconds),
            .number(figures.ratings), .decimal(figures.averageRating),
        ]
    }

    static let participantTitles = [
        "participant_id", "display_name", "role", "joined_at", "admitted_at", "connected_at", "left_at", "seconds",
        "connections", "aborted_connections",
    ]

    static func row(_ person: ParticipantFigures) -> [CSVCell] {
        [
            .text(person.id.description), .text(person.displayName.text), .text(person.role.rawValue),
            .time(person.joinedAt), .time(person.admittedAt), .time(person.connectedAt), .time(person.leftAt),
            .number(person.seconds), .number(person.connections), .number(person.abortedConnections),
        ]
    }
}
