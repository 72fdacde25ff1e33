import Conference
import ConferenceStores
import Platform
import Testing

@Suite struct StoresPasswordTests {
    let cheap = Argon2Parameters(memoryKibibytes: 64, passes: 1)

    @Test func theRightPasswordIsFoundRightAndAnotherIsNot() async throws {
        let hasher = Argon2PasswordHasher()
        let hash = try await hasher.hash("correct horse 🐎")
        #expect(hash.phc.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try await hasher.verify("correct horse 🐎", against: hash) == .correct(needsRehash: false))
        #expect(try await hasher.verify("correct horse", against: hash) == .wrong)
        #expect(try await hasher.hash("correct horse 🐎") != hash, "each hash has a salt of its own")
    }

    @Test func aHashOfOtherParametersIsRightButAsksForANewOne() async throws {
        let hash = try await Argon2PasswordHasher(parameters: cheap).hash("correct horse")
        let verdict = try await Argon2PasswordHasher().verify("correct horse", against: hash)
        #expect(verdict == .correct(needsRehash: true))
    }

    /// Measuring time would depend on the machine's load; that a hash is made, with its salt, doesn't.
    @Test func anUnknownAccountCostsAHashLikeAnyOther() async throws {
        let salts = CountingRandomSource()
        let hasher = Argon2PasswordHasher(random: salts)
        #expect(try await hasher.verify("correct horse", against: nil) == .wrong)
        #expect(salts.calls == 1)
    }

    @Test func aBrokenHashIsAnErrorNotAWrongPassword() async throws {
        await #expect(throws: ConferenceError.self) {
            try await Argon2PasswordHasher().verify("x", against: PasswordHash(phc: "$argon2id$nonsense"))
        }
    }

    @Test func whatDoesNotFitIntoTheQueueIsRefusedAndTheRestIsDone() async throws {
        let hasher = Argon2PasswordHasher(maximumConcurrent: 1, maximumQueued: 3)
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("correct horse")
                        return "done"
                    } catch let error as ConferenceError {
                        return error.code
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes["done", default: 0] >= 4)
        #expect(outcomes["busy", default: 0] > 0)
        #expect(outcomes.values.reduce(0, +) == 20)
        #expect(outcomes.count == 2)
    }

    @Test func whoeverIsCancelledWhileWaitingLeavesTheQueue() async throws {
        let hasher = Argon2PasswordHasher(
            parameters: Argon2Parameters(memoryKibibytes: 19_456, passes: 20), maximumConcurrent: 1, maximumQueued: 1)
        let running = Task { try await hasher.hash("one") }
        let waiting = Task { try await hasher.hash("two") }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        _ = try await running.value
        #expect(try await hasher.hash("three").phc.isEmpty == false)
    }
}

/// The kernel's random bytes, and how often they were asked for.
private final class CountingRandomSource: RandomSource {
    private let count = Lock(0)

    var calls: Int { count.withLock { $0 } }

    func bytes(_ count: Int) -> [UInt8] {
        self.count.withLock { $0 += 1 }
        return SystemRandomSource().bytes(count)
    }
}
