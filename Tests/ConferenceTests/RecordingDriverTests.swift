import FoundationEssentials
import Platform
import Testing

@testable import Conference

@Suite struct RecordingDriverTests {
    @Test func aRecordingGoesItsWayAndEveryoneIsTold() async throws {
        let world = RecordingWorld()
        try await world.run(meanwhile: { try await Self.stop($0, world) }, until: { $0?.state == .ready })
        let recording = try #require(world.recording)
        #expect(recording.state == .ready)
        #expect(recording.sizeBytes == 1000)
        #expect(recording.failure == nil)
        #expect(recording.checkAt == nil, "nothing is left to do")
        let told = world.events.all.compactMap { $0.data["state"] }
        #expect(told == ["starting", "active", "ending", "uploaded", "ready"].map { .string($0) })
        #expect(world.events.all.allSatisfy { $0.audience == .everyone && $0.name == .recordingChanged })
    }

    /// Stops what is active.
    static func stop(_ recording: Recording, _ world: RecordingWorld) async throws {
        if recording.state == .active, recording.stopRequestedAt == nil {
            _ = try await world.driver.apply(.stop, to: recording.id)
        }
        world.moveRecorder()
    }

    /// Stops what is active, deletes what is ready.
    static func live(_ recording: Recording, _ world: RecordingWorld) async throws {
        if recording.state == .ready { _ = try await world.driver.apply(.delete, to: recording.id) }
        try await stop(recording, world)
    }

    @Test func aProcessKilledAtAnyStepLosesNothingAndRecordsOnce() async throws {
        let undisturbed = Killing()
        let world = RecordingWorld { _ in try undisturbed.step() }
        try await world.run(meanwhile: { try await Self.live($0, world) }, until: { $0 == nil })
        #expect(world.recording == nil)
        #expect(undisturbed.passed > 30)
        for point in 0..<undisturbed.passed {
            let killing = Killing(at: point)
            let world = RecordingWorld { _ in try killing.step() }
            let wasReady = Lock(false)
            try await world.run(
                restarting: killing,
                meanwhile: { recording in
                    if recording.state == .ready { wasReady.withLock { $0 = true } }
                    #expect(recording.state != .failed, "killed at \(point): \(recording.failure ?? "")")
                    try await Self.live(recording, world)
                }, until: { $0 == nil })
            #expect(world.recording == nil, "killed at \(point)")
            #expect(wasReady.withLock { $0 }, "killed at \(point)")
            #expect(world.recorder.starts == 1, "killed at \(point)")
            #expect(world.files.keys == [], "killed at \(point)")
        }
    }

    /// In each state the clock goes back by an hour: nothing waits until it is that late again.
    @Test func aClockThatGoesBackHoldsNothingUp() async throws {
        for state in [RecordingState.requested, .starting, .active, .ending, .uploaded] {
            let world = RecordingWorld()
            try await world.run(meanwhile: { try await Self.stop($0, world) }, until: { $0?.state == state })
            world.clock.advance(by: -3600)
            let then = world.clock.now
            try await world.run(meanwhile: { try await Self.stop($0, world) }, until: { $0?.state == .ready })
            #expect(world.recording?.state == .ready, "the clock went back in the state \(state)")
            #expect(world.clock.now < then + 300, "the clock went back in the state \(state)")
        }
    }

    @Test func twoKeepersAskTheRecorderOnce() async throws {
        for _ in 0..<50 {
            let world = RecordingWorld()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await world.attend() } }
                try await group.waitForAll()
            }
            #expect(world.recorder.starts == 1)
        }
    }

    @Test func withoutARecorderItFailsAndSaysSo() async throws {
        let asked = Lock(0)
        let world = RecordingWorld { step in
            guard step == "start" else { return }
            asked.withLock { $0 += 1 }
            throw ConferenceError.unavailable(service: "recorder", cause: "no response from servers")
        }
        try await world.run(until: { $0?.state == .failed })
        #expect(world.recording?.failure?.hasPrefix("No recorder took the work: none is running") == true)
        #expect(asked.withLock { $0 } == 3)
    }

    @Test func aRecorderThatIsFreeAMomentLaterTakesTheWork() async throws {
        let isAsked = Lock(false)
        let world = RecordingWorld { step in
            guard step == "start", isFirst(isAsked) else { return }
            throw ConferenceError.unavailable(service: "recorder", cause: "no response from servers")
        }
        try await world.run(meanwhile: { try await Self.stop($0, world) }, until: { $0?.state == .ready })
        #expect(world.recording?.state == .ready)
        #expect(world.recording?.failure == nil)
    }

    @Test func anAnswerThatWasLostIsFoundByTheFilesName() async throws {
        let isLost = Lock(false)
        let world = RecordingWorld { step in
            guard step == "started", isFirst(isLost) else { return }
            throw ConferenceError.unavailable(service: "media server", cause: "connection reset")
        }
        try await world.run(meanwhile: { try await Self.stop($0, world) }, until: { $0?.state == .ready })
        #expect(world.recording?.state == .ready)
        #expect(world.recorder.starts == 1)
    }

    @Test func anObjectThatComesLateIsWaitedForAndOneThatNeverComesIsSaid() async throws {
        for comes in [true, false] {
            let world = RecordingWorld()
            try await world.run(
                meanwhile: { recording in
                    if recording.state == .active { _ = try await world.driver.apply(.stop, to: recording.id) }
                    for egress in world.recorder.egresses {
                        if egress.status == .starting { world.recorder.move(egress.id) { _ in .active } }
                        if egress.status == .ending { world.recorder.move(egress.id, size: 77) { _ in .complete } }
                    }
                    if comes, recording.state == .uploaded, world.clock.now > recording.stateSince + 120 {
                        world.files.put(recording.objectKey, size: 77)
                    }
                }, until: { $0?.state == .ready || $0?.state == .failed })
            let recording = try #require(world.recording)
            #expect(recording.state == (comes ? .ready : .failed))
            if !comes {
                #expect(recording.failure?.contains("uploaded 77 bytes, but the bucket has no such file") == true)
            }
        }
    }

    @Test func anUploadThatFailedIsToldInTheRecordersWords() async throws {
        let world = RecordingWorld()
        try await world.run(
            meanwhile: { recording in
                guard let egress = world.recorder.egresses.first else { return }
                world.recorder.move(egress.id, error: "upload failed: no such host") { _ in .failed }
                try await world.driver.handle(world.recorder.egresses[0], at: world.clock.now)
            }, until: { $0?.state == .failed })
        #expect(world.recording?.failure == "The recorder failed: upload failed: no such host")
    }

    @Test func aMediaServerThatForgotEverythingEndsIt() async throws {
        let world = RecordingWorld()
        try await world.run(
            meanwhile: { _ in
                world.moveRecorder()
                if world.recording?.state == .active { world.recorder.forget() }
            }, until: { $0?.state == .failed })
        #expect(world.recording?.failure?.hasPrefix("The media server no longer knows this recording") == true)
    }

    @Test func aSecondRecorderOfTheSameFileIsStopped() async throws {
        let world = RecordingWorld()
        try await world.attend()
        let file = try #require(world.recorder.egresses.first?.files.first)
        let stray = MediaEgress(id: "EG_2", roomName: "", status: .active, files: [file])
        try await world.driver.handle(stray, at: world.clock.now)
        #expect(world.recorder.stops == ["EG_2"])
        #expect(world.recording?.egressID == "EG_1")
    }

    @Test func retentionDeletesTheObjectFirstAndIsWrittenDown() async throws {
        let world = RecordingWorld(limits: RecordingLimits(retention: .seconds(600)))
        try await world.run(
            meanwhile: { recording in
                if recording.state == .active { _ = try await world.driver.apply(.stop, to: recording.id) }
                world.moveRecorder()
            }, until: { $0 == nil })
        #expect(world.recording == nil)
        #expect(world.files.keys == [])
        #expect(world.audit.actions == [.recordingDeleted])
    }

    @Test func aBucketThatIsAwayKeepsTheRecordingThatIsToBeDeleted() async throws {
        let isAway = Lock(true)
        let world = RecordingWorld { step in
            guard step == "delete", isAway.withLock({ $0 }) else { return }
            throw ConferenceError.unavailable(service: "object storage", cause: "refused")
        }
        try await world.run(meanwhile: { try await Self.live($0, world) }, until: { $0?.state == .deleting })
        for _ in 0..<20 {
            try await world.attend()
            world.clock.advance(by: 5)
        }
        #expect(world.recording?.state == .deleting)
        #expect(world.files.keys.count == 1)
        isAway.withLock { $0 = false }
        try await world.run(until: { $0 == nil })
        #expect(world.files.keys == [])
    }
}

/// True once.
private func isFirst(_ flag: Lock<Bool>) -> Bool {
    flag.withLock { flag in
        defer { flag = true }
        return !flag
    }
}
