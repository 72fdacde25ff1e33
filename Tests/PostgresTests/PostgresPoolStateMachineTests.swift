import Platform
import Testing

@testable import Postgres

/// Time is a number that the test moves.
@Suite struct PostgresPoolStateMachineTests {
    private typealias Machine = PostgresPoolStateMachine

    private func machine(
        size: Int = 2, minimum: Int = 1, _ change: (inout PostgresPoolStateMachine.Configuration) -> Void = { _ in }
    ) -> PostgresPoolStateMachine {
        var configuration = PostgresPoolStateMachine.Configuration()
        configuration.maximumSize = size
        configuration.minimumIdle = minimum
        configuration.leaseTimeout = .seconds(5)
        configuration.unavailableWait = .seconds(1)
        change(&configuration)
        return PostgresPoolStateMachine(configuration)
    }

    private func at(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds * 1_000_000_000)) }

    private let refused = PostgresError.unavailable("connection refused")

    @Test func opensTheMinimumAtStart() {
        var pool = machine(size: 4, minimum: 2)
        #expect(pool.start(now: at(0)) == [.connect(0), .connect(1)])
        #expect(pool.size == 2)
    }

    @Test func lendsAnIdleConnectionAtOnce() {
        var pool = machine()
        _ = pool.start(now: at(0))
        #expect(pool.connected(0, now: at(0)) == [])
        #expect(pool.lease(1, now: at(0)) == .use(0))
        #expect(pool.leased == 1)
        #expect(pool.release(0, now: at(1)) == [])
        #expect(pool.idleCount == 1)
    }

    @Test func growsUpToItsSizeAndNeverBeyond() {
        var pool = machine(size: 3)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        #expect(pool.lease(1, now: at(0)) == .use(0))
        #expect(pool.lease(2, now: at(0)) == .wait([.connect(1)]))
        #expect(pool.lease(3, now: at(0)) == .wait([.connect(2)]))
        #expect(pool.lease(4, now: at(0)) == .wait([]))
        #expect(pool.size == 3)
        #expect(pool.connected(1, now: at(0)) == [.lease(1, to: 2)])
        #expect(pool.connected(2, now: at(0)) == [.lease(2, to: 3)])
        #expect(pool.peakSize == 3)
    }

    @Test func servesWaitersInTheOrderOfTheirArrival() {
        var pool = machine(size: 1)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        #expect(pool.lease(1, now: at(0)) == .use(0))
        for waiter in 2...200 { #expect(pool.lease(UInt64(waiter), now: at(0)) == .wait([])) }
        for waiter in 2...200 { #expect(pool.release(0, now: at(0)) == [.lease(0, to: UInt64(waiter))]) }
        #expect(pool.release(0, now: at(0)) == [])
        #expect(pool.waitingCount == 0)
    }

    @Test func aNewcomerDoesNotOvertakeThoseWhoWait() {
        var pool = machine(size: 2)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        #expect(pool.lease(1, now: at(0)) == .use(0))
        #expect(pool.lease(2, now: at(0)) == .wait([.connect(1)]))
        #expect(pool.release(0, now: at(0)) == [.lease(0, to: 2)])
        #expect(pool.connected(1, now: at(0)) == [])
        #expect(pool.lease(3, now: at(0)) == .use(1))
    }

    @Test func failsAWaiterWhenItsTimeIsOver() {
        var pool = machine(size: 1)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        _ = pool.lease(1, now: at(0))
        _ = pool.lease(2, now: at(0))
        _ = pool.lease(3, now: at(3))
        #expect(pool.tick(now: at(4.9)) == [])
        #expect(pool.tick(now: at(5)) == [.fail(2, .unavailable("all 1 connections are in use"))])
        #expect(pool.release(0, now: at(6)) == [.lease(0, to: 3)])
    }

    @Test func forgetsAWaiterThatWasCancelled() {
        var pool = machine(size: 1)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        _ = pool.lease(1, now: at(0))
        _ = pool.lease(2, now: at(0))
        _ = pool.lease(3, now: at(0))
        pool.cancel(2)
        #expect(pool.waitingCount == 1)
        #expect(pool.release(0, now: at(0)) == [.lease(0, to: 3)])
    }

    @Test func failsFastWhileTheServerIsDown() {
        var pool = machine(size: 2)
        _ = pool.start(now: at(0))
        #expect(pool.lease(1, now: at(0)) == .wait([]))
        let actions = pool.connectFailed(0, refused, now: at(0), jitter: 0)
        #expect(actions == [.fail(1, refused), .retry(after: .milliseconds(50))])
        #expect(pool.lease(2, now: at(0.01)) == .fail(refused))
        #expect(pool.retry(now: at(0.05)) == [.connect(0)])
        #expect(pool.lease(3, now: at(0.06)) == .fail(refused))
        #expect(pool.connected(0, now: at(0.07)) == [])
        #expect(pool.lease(4, now: at(0.08)) == .use(0))
    }

    @Test func waitsOnlyShortlyForAServerThatDoesNotAnswer() {
        var pool = machine(size: 2)
        _ = pool.start(now: at(0))
        _ = pool.lease(1, now: at(0))
        #expect(pool.tick(now: at(0.9)) == [])
        #expect(pool.tick(now: at(1)) == [.fail(1, .unavailable("no connection could be made in time"))])
    }

    @Test func backsOffExponentiallyUpToALimitOfOneSecond() {
        var pool = machine(size: 1)
        _ = pool.start(now: at(0))
        var delays: [Duration] = []
        for _ in 0..<7 {
            guard case .retry(let delay)? = pool.connectFailed(0, refused, now: at(0), jitter: 1).last else {
                Issue.record("a failed attempt must be tried again")
                return
            }
            delays.append(delay)
            #expect(pool.retry(now: at(0)) == [.connect(0)])
        }
        #expect(delays.first == .milliseconds(62.5))
        #expect(delays[1] == .milliseconds(125))
        #expect(delays.last == .seconds(1))
        #expect(delays.allSatisfy { $0 <= .seconds(1) })
    }

    @Test func probesWithOneConnectionAfterAFailure() {
        var pool = machine(size: 8, minimum: 4)
        #expect(pool.start(now: at(0)).count == 4)
        for slot in 0..<4 { _ = pool.connectFailed(slot, refused, now: at(0), jitter: 0) }
        #expect(pool.retry(now: at(1)) == [.connect(0)])
        #expect(pool.connected(0, now: at(1)) == [.connect(1), .connect(2), .connect(3)])
    }

    @Test func replacesALostConnection() {
        var pool = machine(size: 2, minimum: 1)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        #expect(pool.lost(0, now: at(1)) == [.connect(0)])
        #expect(pool.idleCount == 0)
    }

    @Test func aLeasedConnectionThatIsLostMakesRoomForAWaiter() {
        var pool = machine(size: 1)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        _ = pool.lease(1, now: at(0))
        _ = pool.lease(2, now: at(0))
        #expect(pool.lost(0, now: at(1)) == [.connect(0)])
        #expect(pool.leased == 0)
        #expect(pool.connected(0, now: at(1)) == [.lease(0, to: 2)])
    }

    @Test func closesWhatIsUnusedForLongButKeepsTheMinimum() {
        var pool = machine(size: 3, minimum: 1) { $0.keepAliveInterval = .seconds(10_000) }
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        _ = pool.lease(1, now: at(0))
        _ = pool.lease(2, now: at(0))
        _ = pool.connected(1, now: at(0))
        _ = pool.release(0, now: at(0))
        _ = pool.release(1, now: at(100))
        #expect(pool.tick(now: at(299)) == [])
        #expect(pool.tick(now: at(300)) == [.close(0)])
        #expect(pool.tick(now: at(5000)) == [])
        #expect(pool.size == 1)
    }

    @Test func checksASilentConnectionAndDropsADeadOne() {
        var pool = machine(size: 1)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        #expect(pool.tick(now: at(29)) == [])
        #expect(pool.tick(now: at(30)) == [.check(0)])
        #expect(pool.lease(1, now: at(30)) == .wait([]))
        #expect(pool.checked(0, now: at(30)) == [.lease(0, to: 1)])
        _ = pool.release(0, now: at(31))
        #expect(pool.tick(now: at(61)) == [.check(0)])
        #expect(pool.lost(0, now: at(62)) == [.connect(0)])
    }

    @Test func shutDownRefusesAllAndEndsWithTheLastLease() {
        var pool = machine(size: 2)
        _ = pool.start(now: at(0))
        _ = pool.connected(0, now: at(0))
        _ = pool.lease(1, now: at(0))
        _ = pool.lease(2, now: at(0))
        #expect(pool.shutDown() == [.fail(2, .unavailable("the pool is closed"))])
        #expect(!pool.isDrained)
        #expect(pool.connected(1, now: at(0)) == [.close(1)])
        #expect(pool.lease(3, now: at(0)) == .fail(.unavailable("the pool is closed")))
        #expect(pool.release(0, now: at(1)) == [.close(0)])
        #expect(pool.isDrained)
    }

    /// Ten thousand random events: the books always balance.
    @Test func keepsItsBooksUnderRandomEvents() {
        var random = SystemRandomNumberGenerator()
        var pool = machine(size: 5, minimum: 2)
        var now = 0.0
        var connecting: Set<Int> = []
        var leased: Set<Int> = []
        var checking: Set<Int> = []
        var waiting: Set<UInt64> = []
        var retries = 0
        var next: UInt64 = 1
        func carryOut(_ actions: [PostgresPoolStateMachine.Action]) {
            for action in actions {
                switch action {
                case .connect(let slot): #expect(connecting.insert(slot).inserted)
                case .lease(let slot, let waiter):
                    #expect(leased.insert(slot).inserted)
                    #expect(waiting.remove(waiter) != nil)
                case .fail(let waiter, _): #expect(waiting.remove(waiter) != nil)
                case .check(let slot): #expect(checking.insert(slot).inserted)
                case .close: break
                case .retry: retries += 1
                }
            }
        }
        carryOut(pool.start(now: at(0)))
        for _ in 0..<10_000 {
            now += Double.random(in: 0...2, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                switch pool.lease(next, now: at(now)) {
                case .use(let slot): #expect(leased.insert(slot).inserted)
                case .wait(let actions):
                    waiting.insert(next)
                    carryOut(actions)
                case .fail: break
                }
                next += 1
            case 2: if let slot = leased.popFirst() { carryOut(pool.release(slot, now: at(now))) }
            case 3: if let slot = connecting.popFirst() { carryOut(pool.connected(slot, now: at(now))) }
            case 4:
                if let slot = connecting.popFirst() {
                    carryOut(pool.connectFailed(slot, refused, now: at(now), jitter: 0))
                }
            case 5:
                if let slot = leased.popFirst() ?? checking.popFirst() { carryOut(pool.lost(slot, now: at(now))) }
            case 6:
                if let waiter = waiting.popFirst() { pool.cancel(waiter) }
                if let slot = checking.popFirst() { carryOut(pool.checked(slot, now: at(now))) }
            default:
                if retries > 0 {
                    retries -= 1
                    carryOut(pool.retry(now: at(now)))
                }
                carryOut(pool.tick(now: at(now)))
            }
            #expect(pool.size <= 5)
            #expect(pool.leased == leased.count)
            #expect(pool.waitingCount == waiting.count)
            #expect(pool.size == connecting.count + leased.count + checking.count + pool.idleCount)
        }
    }
}
