import CLinux
import Glibc

/// A failed system call: its name and errno(3).
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    public let call: String
    public let code: Int32

    /// - Parameter code: the error number, by default the thread's `errno`; read it before any other call.
    public init(_ call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    public var description: String { "\(call): \(SystemError.message(of: code)) (errno \(code))" }

    /// The kernel's message for an error number, as strerror_r(3) gives it.
    public static func message(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        strerror_r(code, &buffer, buffer.count)
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
