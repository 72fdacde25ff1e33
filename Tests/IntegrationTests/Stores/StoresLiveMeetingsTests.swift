import Conference
import ConferenceStores
import Postgres
import Testing

@Suite struct StoresLiveMeetingsTests {
    @Test func meetingsAreLiveThatSomeoneIsConnectedTo() async throws {
        try await StoreTestDatabase.with { database in
            let live = PostgresLiveMeetings(database.postgres)
            let owner = try await database.account()
            let first = try await database.meeting(of: owner.id)
            let second = try await database.meeting(of: owner.id)
            let onTheWay = try await database.meeting(of: owner.id)
            _ = try await database.comer(onTheWay)
            #expect(try await live.all() == [])

            var people: [Participant] = []
            for meeting in [first, first, second] { people.append(try await database.comer(meeting)) }
            for person in people { try await mark("connected_at", person, database) }
            #expect(try await live.all().map(\.id) == [first.id, second.id])
            #expect(try await live.all().map(\.people) == [2, 1])
            #expect(try await live.all().map(\.title) == ["Title", "Title"])

            try await mark("left_at", people[0], database)
            try await mark("left_at", people[2], database)
            #expect(try await live.all() == [.init(id: first.id, title: "Title", people: 1)])
        }
    }

    private func mark(_ column: String, _ person: Participant, _ database: StoreTestDatabase) async throws {
        _ = try await database.postgres.execute(
            "UPDATE participants SET \(column) = now() WHERE id = $1", [person.id.uuid])
    }
}
