import Glibc
import Platform

/// Space where something is written that the videoconference needs.
enum DiskChecks {
    static let all: [DoctorCheck] = [
        .host("disk.space", "the file systems have space") { host in
            space(
                measure(host) { folder, status in
                    let block = Int(status.f_frsize)
                    // What only root may use doesn't count.
                    return Left(
                        folder: folder, free: (Int(status.f_bavail) * block) >> 20,
                        total: (Int(status.f_blocks) * block) >> 20)
                })
        },
        .host("disk.inodes", "the file systems can hold more files") { host in
            inodes(
                measure(host) { folder, status in
                    Left(folder: folder, free: Int(status.f_favail), total: Int(status.f_files))
                })
        },
    ]

    /// Where data, logs, recordings under way and temporary files are.
    private static let folders = [
        "/", "/var/lib", "/var/lib/postgresql", "/var/lib/redis", "/var/lib/livekit-egress", "/var/log", "/tmp",
    ]

    struct Threshold {
        let share: Double
        /// In the unit of the measure; counts where the whole is at least twice as large.
        let least: Int

        func isPassed(free: Int, total: Int) -> Bool {
            Double(free) < share * Double(total) || (total >= 2 * least && free < least)
        }
    }

    /// What is left of a file system.
    struct Left: Hashable {
        let folder: String
        let free: Int
        let total: Int
    }

    /// One a file system.
    private static func measure(_ host: DoctorHost, _ measure: (String, statvfs) -> Left) -> [Left] {
        var seen: Set<dev_t> = []
        return folders.compactMap { folder in
            var device = stat()
            var status = statvfs()
            guard stat(host.root + folder, &device) == 0, statvfs(host.root + folder, &status) == 0,
                seen.insert(device.st_dev).inserted
            else { return nil }
            return measure(folder, status)
        }
    }

    /// In MiB.
    static func space(_ all: [Left]) -> DoctorFinding {
        verdict(
            all, "MiB", fail: Threshold(share: 0.03, least: 512), warn: Threshold(share: 0.1, least: 2048))
    }

    static func inodes(_ all: [Left]) -> DoctorFinding {
        verdict(all, "inodes", fail: Threshold(share: 0.03, least: 0), warn: Threshold(share: 0.1, least: 0))
    }

    /// - Parameter all: one a file system; a total of 0 means that it knows no such limit.
    private static func verdict(_ all: [Left], _ unit: String, fail: Threshold, warn: Threshold) -> DoctorFinding {
        let limited = all.filter { $0.total > 0 }
        func text(_ lefts: [Left]) -> String {
            lefts.map { "\($0.folder): \($0.free) of \($0.total) \(unit) free" }.joined(separator: ", ")
        }
        let remedy =
            "Free some: journalctl --vacuum-size=200M, apt clean, and look with du -xh --max-depth=2 FOLDER | sort -h."
        let full = limited.filter { fail.isPassed(free: $0.free, total: $0.total) }
        if !full.isEmpty { return .fail(text(full), remedy) }
        let nearlyFull = limited.filter { warn.isPassed(free: $0.free, total: $0.total) }
        if !nearlyFull.isEmpty { return .warn(text(nearlyFull), remedy) }
        return .pass(limited.isEmpty ? "no file system has a limit" : text(limited))
    }
}
