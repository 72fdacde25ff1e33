import Conference
import FoundationEssentials
import HTTPServer
import Testing

@testable import ConferenceAPI

struct AnalyticsTests {
    @Test func takesTheLastThirtyDaysAndOnesOwnMeetingsByDefault() async throws {
        let api = try await TestAPI()
        var sums = GatheringSums()
        sums.gatherings = 2
        sums.figures.peakParticipants = 7
        sums.figures.ratings = 2
        sums.figures.ratingSum = 9
        api.analytics.set([AnalyticsStep(start: FixedClock().now, sums: sums)])
        let answer = try await api.send(.get, "/api/v1/analytics", as: api.ben)
        #expect(answer.object.string("from") == "2026-01-31")
        #expect(answer.object.string("to") == "2026-03-01")
        #expect(answer.object.string("timeZone") == "UTC")
        #expect(answer.object.object("totals")?.integer("peakParticipants") == 7)
        #expect(answer.object.object("totals")?["averageRating"] == .number(4.5))
        #expect(api.analytics.asked.map(\.owner) == [api.ben])
        #expect(api.analytics.asked[0].period.interval == .day)
    }

    @Test func administratorsGetEverybodysWhenTheyAskForIt() async throws {
        let api = try await TestAPI()
        #expect(try await api.send(.get, "/api/v1/analytics?scope=all", as: api.ben).status == .forbidden)
        #expect(try await api.send(.get, "/api/v1/analytics?scope=all", as: api.ada).status == .ok)
        #expect(api.analytics.asked.map(\.owner) == [nil])
    }

    @Test(arguments: [
        ("from=2026-03-02&to=2026-03-01", "/to"), ("from=2010-01-01&to=2026-01-01", "/interval"),
        ("from=1999-01-01&to=2026-01-01&interval=month", "/from"), ("to=2200-01-01", "/to"),
    ])
    func aTimeThatCannotBeShownIsRefused(query: String, pointer: String) async throws {
        let api = try await TestAPI()
        let answer = try await api.send(.get, "/api/v1/analytics?\(query)", as: api.ben)
        #expect(answer.status == .unprocessableContent)
        #expect(answer.pointers.contains(pointer))
    }

    @Test func whatIsNoDayIsRefused() async throws {
        let api = try await TestAPI()
        for day in ["2026-02-30", "2026-3-1", "2026-03-01T00:00:00Z", "today"] {
            #expect(
                try await api.send(.get, "/api/v1/analytics?from=\(day)", as: api.ben).status == .badRequest, "\(day)")
        }
    }

    @Test func exportsStepsAsRows() async throws {
        let api = try await TestAPI()
        var sums = GatheringSums()
        sums.gatherings = 1
        sums.durationSeconds = 60
        api.analytics.set([
            AnalyticsStep(start: FixedClock().now, sums: sums),
            AnalyticsStep(start: FixedClock().now + 86_400, sums: GatheringSums()),
        ])
        let answer = try await api.send(.get, "/api/v1/analytics.csv", as: api.ben)
        #expect(answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present")
        #expect(answer.headers["Content-Disposition"]?.contains("meetings 2026-01-31 to 2026-03-01.csv") == true)
        let rows = String(decoding: answer.bytes, as: UTF8.self).split(separator: "\r\n")
        #expect(rows.count == 3)
        #expect(rows[0].hasPrefix("start_utc,gatherings,"))
        #expect(rows[1] == "2026-03-01,1,60,0,0,0,0,0,0,0,0,0,0,")
    }

    @Test func exportsPeopleInPiecesAndNoNameIsAFormula() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        let now = FixedClock().now
        let names = ["=1+1", "Grace \"G\", Dr.", "@cmd", "Ada"] + Array(repeating: "Someone", count: 600)
        api.analytics.set(
            try names.map {
                ParticipantFigures(
                    id: ParticipantID(UUIDv7Generator().next()), displayName: try DisplayName($0), role: .guest,
                    joinedAt: now, admittedAt: nil, connectedAt: nil, leftAt: nil, seconds: 5, connections: 1,
                    abortedConnections: 0)
            }.sorted { $0.id < $1.id })
        let answer = try await api.send(.get, "/api/v1/meetings/\(meeting.id)/analytics.csv", as: api.ben)
        var bytes: [UInt8] = []
        if case .stream(_, let next) = answer.body { while let piece = try await next() { bytes += piece } }
        let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        #expect(rows.count == names.count + 1)
        #expect(rows.contains { $0.contains(",'=1+1,guest,2026-03-01T09:00:00.000Z,,,,5,1,0") })
        #expect(rows.contains { $0.contains(",'@cmd,guest,") })
        #expect(rows.contains { $0.contains(",\"Grace \"\"G\"\", Dr.\",guest,") })
        #expect(rows.contains { $0.contains(",Ada,guest,") })
    }

    @Test func whoHasLeftCanStillRateAndTheLastWordCounts() async throws {
        let api = try await TestAPI()
        let meeting = try await api.makeMeeting()
        let guest = try api.addGuest(to: meeting.id, admitted: true, left: true)
        let key: HTTPHeaders = ["Authorization": "Bearer \(meeting.id)/\(guest.id)"]
        let path = "/api/v1/meetings/\(meeting.id)/feedback"
        #expect(try await api.send(.post, path, ["rating": 2], headers: key).status == .noContent)
        let again = try await api.send(.post, path, ["rating": 5, "comment": " Clear \n\n\n sound "], headers: key)
        #expect(again.status == .noContent)
        #expect(api.analytics.feedback[guest.id]?.rating == 5)
        #expect(api.analytics.feedback[guest.id]?.comment == "Clear\n\nsound")
        #expect(try await api.send(.post, path, ["rating": 6], headers: key).status == .badRequest)
        let invisible = try await api.send(.post, path, ["rating": 1, "comment": "\u{200D}"], headers: key)
        #expect(invisible.pointers == ["/comment"])
        #expect(try await api.send(.post, path, ["rating": 4, "comment": ""], headers: key).status == .noContent)
        #expect(api.analytics.feedback[guest.id]?.comment == nil)
    }
}
