import LiveKit
import ObjectStorage
import Platform

/// Tries LiveKit's key and the bucket when the program starts, and logs what came of it. Nothing waits for it.
final class StartReport: Service {
    let name = "start report"
    private let liveKit: LiveKitHealth
    private let storage: ObjectStorageCheck
    private let log: Logger
    private let task = Lock<Task<Void, Never>?>(nil)

    init(liveKit: LiveKitHealth, storage: ObjectStorageCheck, log: Logger) {
        self.liveKit = liveKit
        self.storage = storage
        self.log = log.with(component: "livekit")
    }

    func start() async throws {
        let task = Task {
            async let stored = storage.run()
            reportLiveKit(await liveKit.check(timeout: .seconds(5)))
            _ = await stored
        }
        self.task.withLock { $0 = task }
    }

    func stop() async {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
    }

    private func reportLiveKit(_ outcome: LiveKitHealth.Outcome) {
        switch outcome {
        case .ok(let latency):
            log.info("LiveKit reachable, API key accepted", ["latency_ms": "\(latency.nanoseconds / 1_000_000)"])
        case .wrongKey, .unreachable, .unexpected:
            log.error("LiveKit not usable", ["reason": "\(outcome)"])
        }
    }
}
