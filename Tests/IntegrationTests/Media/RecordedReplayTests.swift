import Conference
import FoundationEssentials
import Testing

/// The webhooks of a real server, in any order, several times and with any one of them lost: where it ends is always what
/// was written down here by hand from the recording.
@Suite(.timeLimit(.minutes(10)))
struct RecordedReplayTests {
    /// Milliseconds since the recording's first second. Both were let in at 0; alice (guest0) connected at .591 and left at
    /// 4 s, bob (guest1) connected at .666 and was removed at 3 s; the room was made at .483 and finished at 9 s.
    static let complete = [
        "meeting ended 0 9000", "guest0 591 4000", "guest1 666 3000", "0 track.published guest0", "483 room.started",
        "591 participant.joined guest0", "666 participant.joined guest1", "3000 participant.left guest1",
        "4000 participant.left guest0", "4000 track.unpublished guest0", "9000 room.finished",
    ]

    /// What is different after the event of that number was lost and the reconciler has looked, at 66 s. Who joined and when
    /// the room began is told by later events too; a lost leaving shows when the room finishes; tracks that came and went
    /// are known from their events alone.
    static let afterLoss: [[String: String?]] = [
        [:], [:], [:], ["0 track.published guest0": nil],
        [
            "guest1 666 3000": "guest1 666 9000",
            "3000 participant.left guest1": "9000 participant.left guest1 repaired",
        ],
        ["4000 track.unpublished guest0": nil],
        [
            "guest0 591 4000": "guest0 591 9000",
            "4000 participant.left guest0": "9000 participant.left guest0 repaired",
        ],
        ["meeting ended 0 9000": "meeting ended 0 66000", "9000 room.finished": "66000 room.finished repaired"],
    ]

    static func expected(losing lost: Int?) -> Set<String> {
        guard let lost else { return Set(complete) }
        var state = Set(complete)
        for (line, replacement) in afterLoss[lost] {
            state.remove(line)
            if let replacement { state.insert(replacement) }
        }
        return state
    }

    /// The recorded bodies about a meeting of ours, with ids of their own for each run.
    static func bodies(
        _ meeting: MeetingID, _ guests: [ParticipantID], run: Int, file: String = #filePath
    ) throws -> [String] {
        struct Webhook: Decodable { let body: String }
        let folder = file.split(separator: "/").dropLast(3).joined(separator: "/")
        let url = URL(filePath: "/\(folder)/Data/livekit/webhooks.json")
        let recorded = try JSONDecoder().decode([Webhook].self, from: Data(contentsOf: url))
        return recorded.map { webhook in
            webhook.body
                .replacing(#""name":"e2e-room""#, with: #""name":"\#(meeting)""#)
                .replacing(#""identity":"alice""#, with: #""identity":"\#(guests[0])""#)
                .replacing(#""identity":"bob""#, with: #""identity":"\#(guests[1])""#)
                .replacing("RM_fCagkokF8oPe", with: "RM_\(run)")
                .replacing("PA_ncUKdy6jKeBS", with: "PA_a\(run)")
                .replacing("PA_PduGhXRt2TeC", with: "PA_b\(run)")
                .replacing("TR_VCkd9iYs8KDyXZ", with: "TR_\(run)")
                .replacing(#""id":"EV_"#, with: #""id":"EV_\#(run)_"#)
        }
    }

    /// Delivers the events of `order`, lets the reconciler look at a server on which nothing is left, and then delivers the
    /// lost one after all.
    private func replay(_ order: [Int], losing lost: Int? = nil, in world: MediaTestWorld, run: Int) async throws {
        world.clock.set(MediaTestWorld.begin + 16)
        let (meeting, guests) = try await world.gathering(of: 2)
        let bodies = try Self.bodies(meeting, guests, run: run)
        for index in order { try await world.deliver(bodies[index]) }
        if lost == nil {
            let state = try await world.state(of: meeting, guests: guests)
            #expect(Set(state) == Self.expected(losing: nil), "run \(run): \(order)")
        }
        world.clock.set(MediaTestWorld.begin + 66)
        _ = try await world.reconciler.run()
        let state = try await world.state(of: meeting, guests: guests)
        #expect(Set(state) == Self.expected(losing: lost), "run \(run): \(order) without \(lost ?? -1)")
        #expect(state.count == Set(state).count)
        if let lost {
            try await world.deliver(bodies[lost])
            let state = try await world.state(of: meeting, guests: guests)
            #expect(Set(state) == Set(Self.complete), "run \(run): \(order), then \(lost)")
        }
        #expect(try await world.presence.count(meetingID: meeting.uuid) == 0)
    }

    @Test func inOrder() async throws {
        try await MediaTestWorld.with { try await replay(Array(0..<8), in: $0, run: 1) }
    }

    @Test func reversed() async throws {
        try await MediaTestWorld.with { try await replay(Array((0..<8).reversed()), in: $0, run: 1) }
    }

    @Test func inOrderWithAnyOneLost() async throws {
        try await MediaTestWorld.with { world in
            for lost in 0..<8 { try await replay((0..<8).filter { $0 != lost }, losing: lost, in: world, run: lost) }
        }
    }

    @Test func reversedWithAnyOneLost() async throws {
        try await MediaTestWorld.with { world in
            for lost in 0..<8 {
                try await replay((0..<8).reversed().filter { $0 != lost }, losing: lost, in: world, run: lost)
            }
        }
    }

    /// 200 seeds: shuffled, each event once to five times, and in eight of nine runs one of them lost.
    @Test(arguments: 0..<4)
    func shuffledRepeatedAndWithOneLost(part: Int) async throws {
        try await MediaTestWorld.with { world in
            for seed in part * 50..<part * 50 + 50 {
                var random = SeededRandom(seed: UInt64(seed))
                let lost = seed % 9 == 8 ? nil : seed % 9
                var order: [Int] = []
                for index in 0..<8 where index != lost {
                    order += Array(repeating: index, count: Int.random(in: 1...5, using: &random))
                }
                order.shuffle(using: &random)
                try await replay(order, losing: lost, in: world, run: seed)
            }
        }
    }

    @Test func deliveredToSeveralInstancesAtOnce() async throws {
        try await MediaTestWorld.with { world in
            let (meeting, guests) = try await world.gathering(of: 2)
            let bodies = try Self.bodies(meeting, guests, run: 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for body in bodies + bodies.reversed() + bodies { group.addTask { try await world.deliver(body) } }
                try await group.waitForAll()
            }
            #expect(try await Set(world.state(of: meeting, guests: guests)) == Set(Self.complete))
            #expect(try await world.unapplied() == 0)
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
