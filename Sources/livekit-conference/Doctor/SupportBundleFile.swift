import CLinux
import FoundationEssentials
import Glibc
import Platform

/// The file that a support bundle goes to: made before the rights to do so are given up, its owner's alone.
struct SupportBundleFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// - Throws: ``SystemError``; EEXIST when there is such a file.
    init(_ path: String) throws(SystemError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("open \(path)") }
    }

    deinit { close(descriptor) }

    /// Where nothing else is said: in the current folder, by the time.
    static func defaultPath(now: Date) -> String {
        let time = now.formatted(.iso8601).filter { $0.isNumber || $0 == "T" || $0 == "Z" }
        return "livekit-conference-support-\(time).tar"
    }

    /// - Throws: ``SystemError``, such as ENOSPC.
    func write(_ folder: SupportFolder, now: Date) throws(SystemError) {
        var archive = TarArchive(time: Int(now.timeIntervalSince1970))
        for file in folder.files { archive.add("livekit-conference-support/\(file.name)", file.text) }
        let bytes = archive.closed
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                let error = SystemError("write \(path)")
                if error.code == EINTR { continue }
                throw error
            }
            written += count
        }
    }
}
