import CLinux
import Glibc

/// Writes files so that readers see the old text or the new one, never a part.
public enum FileReplacement {
    /// Puts the text into the file with these permissions, by a temporary file beside it. Files that have it already are left alone.
    ///
    /// - Returns: whether the file was changed.
    /// - Throws: ``SystemError``; the file is then as it was.
    @discardableResult
    public static func write(_ text: String, to path: String, mode: mode_t) throws(SystemError) -> Bool {
        if isSame(text, path, mode) { return false }
        let temporary = "\(path).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("open") }
        do throws(SystemError) {
            defer { close(descriptor) }
            try fill(descriptor, Array(text.utf8))
            guard fchmod(descriptor, mode) == 0 else { throw SystemError("fchmod") }
            guard fsync(descriptor) == 0 else { throw SystemError("fsync") }
            guard rename(temporary, path) == 0 else { throw SystemError("rename") }
        } catch {
            unlink(temporary)
            throw error
        }
        return true
    }

    private static func isSame(_ text: String, _ path: String, _ mode: mode_t) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o7777 == mode else { return false }
        return (try? SmallFile.read(path, limit: text.utf8.count)) == text
    }

    private static func fill(_ descriptor: Int32, _ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                let error = SystemError("write")
                if error.code == EINTR { continue }
                throw error
            }
            written += count
        }
    }
}
