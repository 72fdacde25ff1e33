import Glibc
import Platform

/// Runs checks side by side, each for its limited time.
enum DoctorRunner {
    /// - Parameter onResult: hears of each as it ends.
    static func run(
        _ checks: [DoctorCheck], _ onResult: @escaping @Sendable (DoctorReport.Entry) -> Void,
        _ work: @escaping @Sendable (DoctorCheck) async -> DoctorFinding
    ) async -> [DoctorReport.Entry] {
        await withTaskGroup(of: (Int, DoctorReport.Entry).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask {
                    let begin = MonotonicTime.now
                    let finding = await bounded(check) { await work(check) }
                    let entry = DoctorReport.Entry(
                        check: check, finding: finding, duration: MonotonicTime.now.duration(since: begin))
                    onResult(entry)
                    return (index, entry)
                }
            }
            var entries: [(Int, DoctorReport.Entry)] = []
            for await entry in group { entries.append(entry) }
            return entries.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// What a body throws, as a finding: unforeseen errors are failures of the check, with their own words.
    static func finding(_ check: DoctorCheck, _ body: () async throws -> DoctorFinding) async -> DoctorFinding {
        do {
            return try await body()
        } catch let finding as DoctorFinding {
            return finding
        } catch {
            return .fail("\(error)", "See docs/doctor.md, \(check.id).")
        }
    }

    /// A thread of its own, since the body may block.
    ///
    /// - Throws: ``SystemError`` when there is none to be had.
    static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws(SystemError) -> Value {
        let result: Result<Value, SystemError> = await withCheckedContinuation { continuation in
            let box = Unmanaged.passRetained(ThreadBody { continuation.resume(returning: .success(body())) })
            var thread = pthread_t()
            let status = pthread_create(&thread, nil, runThreadBody, box.toOpaque())
            guard status == 0 else {
                box.release()
                return continuation.resume(returning: .failure(SystemError("pthread_create", code: status)))
            }
            pthread_detach(thread)
        }
        return try result.get()
    }

    /// The first to come: the finding, or the end of the time. Work that doesn't heed its cancellation is left alone.
    private static func bounded(
        _ check: DoctorCheck, _ work: @escaping @Sendable () async -> DoctorFinding
    ) async -> DoctorFinding {
        await withCheckedContinuation { continuation in
            let waiting = Lock<CheckedContinuation<DoctorFinding, Never>?>(continuation)
            let finish = { @Sendable (finding: DoctorFinding) in
                waiting.withLock { waiting -> CheckedContinuation<DoctorFinding, Never>? in
                    defer { waiting = nil }
                    return waiting
                }?.resume(returning: finding)
            }
            let working = Task { finish(await work()) }
            Task {
                try? await Task.sleep(for: check.limit)
                working.cancel()
                finish(
                    .fail(
                        "it didn't end within \(check.limit)",
                        "Something hangs: look for it with systemctl status and journalctl."))
            }
        }
    }

    fileprivate final class ThreadBody: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

private func runThreadBody(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let pointer else { return nil }
    Unmanaged<DoctorRunner.ThreadBody>.fromOpaque(pointer).takeRetainedValue().run()
    return nil
}
