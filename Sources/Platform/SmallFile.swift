import CLinux
import Glibc

/// Reads files that fit in memory: configuration, credentials, proc(5).
public enum SmallFile {
    /// The whole text of a file.
    ///
    /// - Parameter limit: the most bytes to accept.
    /// - Throws: ``SystemError`` of open(2) or read(2); EFBIG beyond the limit, EILSEQ when it isn't UTF-8.
    public static func read(_ path: String, limit: Int) throws(SystemError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("open") }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, limit: limit)
    }

    /// Whether something is there, readable or not.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The rest of what an open descriptor gives, up to its end.
    public static func read(descriptor: Int32, limit: Int) throws(SystemError) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                let error = SystemError("read")
                if error.code == EINTR { continue }
                throw error
            }
            if count == 0 { break }
            guard bytes.count + count <= limit else { throw SystemError("read", code: EFBIG) }
            bytes.append(contentsOf: buffer[..<count])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw SystemError("read", code: EILSEQ) }
        return text
    }
}
