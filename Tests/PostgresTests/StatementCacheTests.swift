import Testing

@testable import Postgres

@Suite struct StatementCacheTests {
    @Test func givesTheSameStatementForTheSameText() {
        var cache = StatementCache(limit: 4)
        let first = cache.statement(for: "SELECT 1")
        #expect(cache.statement(for: "SELECT 1") === first)
        #expect(cache.statement(for: "SELECT 2").name != first.name)
    }

    @Test func discardsTheOneUnusedForLongest() {
        var cache = StatementCache(limit: 2)
        let first = cache.statement(for: "SELECT 1")
        let second = cache.statement(for: "SELECT 2")
        first.isPrepared = true
        second.isPrepared = true
        _ = cache.statement(for: "SELECT 1")
        _ = cache.statement(for: "SELECT 3")
        #expect(cache.count == 2)
        #expect(cache.takeDiscarded().map(\.name) == [second.name])
        #expect(cache.takeDiscarded().isEmpty)
        #expect(cache.statement(for: "SELECT 1") === first)
    }

    @Test func neverUsesANameTwice() {
        var cache = StatementCache(limit: 1)
        let names = (0..<50).map { cache.statement(for: "SELECT \($0 % 3)").name }
        #expect(Set(names).count == names.count)
    }
}
