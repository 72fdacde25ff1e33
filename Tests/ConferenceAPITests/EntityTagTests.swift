import Testing

@testable import ConferenceAPI

struct EntityTagTests {
    @Test(
        arguments: [
            ("*", .any), ("\"1\"", .strong(["1"])), ("\"1\", W/\"2\",\"3\"", .strong(["1", "3"])),
            ("W/\"1\"", .strong([])),
            ("0", .strong([])), ("", .strong([])), ("\"", .strong([])), ("\"1", .strong([])),
            (",\t\"2\" ,", .strong(["2"])),
        ] as [(String, EntityTags)])
    func readsLists(text: String, tags: EntityTags) {
        #expect(EntityTags(text) == tags)
    }

    @Test func matchesStronglyOnly() {
        #expect(EntityTags("\"7\"").contains(7))
        #expect(!EntityTags("W/\"7\"").contains(7))
        #expect(!EntityTags("\"07\"").contains(7))
        #expect(EntityTags("*").contains(7))
    }
}
