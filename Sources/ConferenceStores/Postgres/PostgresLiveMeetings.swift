import Conference
import Postgres

/// The meetings that someone is in at this moment, of all owners: for whoever is about to stop something.
public struct PostgresLiveMeetings: Sendable {
    public struct LiveMeeting: Hashable, Sendable {
        public let id: MeetingID
        public let title: String
        /// How many are connected.
        public let people: Int

        public init(id: MeetingID, title: String, people: Int) {
            self.id = id
            self.title = title
            self.people = people
        }
    }

    private let postgres: Postgres

    public init(_ postgres: Postgres) {
        self.postgres = postgres
    }

    public func all() async throws -> [LiveMeeting] {
        let sql = """
            SELECT meetings.id, meetings.title, count(*)
            FROM participants JOIN meetings ON meetings.id = meeting_id
            WHERE connected_at IS NOT NULL AND left_at IS NULL
            GROUP BY meetings.id, meetings.title
            ORDER BY meetings.id
            """
        return try await StoreError.mapped {
            try await postgres.query(sql, []).map {
                LiveMeeting(id: MeetingID(try $0.get(0)), title: try $0.get(1), people: try $0.get(2))
            }
        }
    }
}
