import Testing

@testable import ConferenceAPI

struct EntityTagTests {
    @Test(
        arguments: [
            ("*", .any), ("\"1\"", .strong(["1"])), ("\"1\", W/\"2\",\"3\"", .strong(["1", "3"])),
            ("W/\"1\"", .strong([])),
        ] as [(String, EntityTags)])
    func readsLists(text: String, tags: EntityTags) {
        #expect(EntityTags(text) == tags)
    }

    @Test func matchesStronglyOnly() throws {
        #expect(try #require(EntityTags("\"7\"")).contains(7))
        #expect(try !#require(EntityTags("W/\"7\"")).contains(7))
        #expect(try !#require(EntityTags("\"07\"")).contains(7))
        #expect(try #require(EntityTags("*")).contains(7))
    }
}
