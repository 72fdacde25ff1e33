import Conference
import FoundationEssentials
import Testing

@testable import ConferenceStores

@Suite struct SessionMemoryTests {
    private let cookie = "cookie"
    private let readAt = RedisTestClock().now
    private let session = FoundSession(
        session: Session(
            accountID: UUID(), role: .member, email: "a@b",
            displayName: "A", createdAt: RedisTestClock().now, expiresAt: RedisTestClock().now),
        renewedCookie: nil, isConfirmed: true)

    @Test func nothingIsRememberedWhileRevocationsAreNotHeard() {
        var memory = SessionMemory()
        memory.remember(session, of: cookie, readAt: readAt, epoch: memory.epoch)
        #expect(memory.count == 0)
        memory.listen(true)
        memory.remember(session, of: cookie, readAt: readAt, epoch: memory.epoch)
        #expect(memory.find(cookie, now: readAt) == session)
        memory.listen(false)
        #expect(memory.find(cookie, now: readAt) == nil)
    }

    @Test func aSessionIsBelievedForASecondAndNotByAClockThatWasSetBack() {
        var memory = SessionMemory()
        memory.listen(true)
        memory.remember(session, of: cookie, readAt: readAt, epoch: memory.epoch)
        #expect(memory.find(cookie, now: readAt.addingTimeInterval(0.999)) != nil)
        #expect(memory.find(cookie, now: readAt.addingTimeInterval(1)) == nil)
        #expect(memory.find(cookie, now: readAt.addingTimeInterval(-0.001)) == nil)
        #expect(memory.find("another", now: readAt) == nil)
    }

    @Test func anAnswerFromBeforeARevocationIsNotRemembered() {
        var memory = SessionMemory()
        memory.listen(true)
        let epoch = memory.epoch
        memory.forgetAll()
        memory.remember(session, of: cookie, readAt: readAt, epoch: epoch)
        #expect(memory.find(cookie, now: readAt) == nil)
    }

    @Test func itNeverGrowsBeyondItsLimit() {
        var memory = SessionMemory(limit: 10)
        memory.listen(true)
        for number in 0..<95 { memory.remember(session, of: "\(number)", readAt: readAt, epoch: memory.epoch) }
        #expect(memory.count <= 10)
        #expect(memory.find("94", now: readAt) != nil)
    }
}
