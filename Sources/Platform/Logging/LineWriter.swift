import CLinux
import Glibc
import Synchronization

/// Writes whole lines to a descriptor, which it doesn't own: one write(2) a line, lines of several threads never mixed.
///
/// A reader that went away (EPIPE) or doesn't read for ``patience`` costs that line, never the program.
public final class LineWriter: Sendable {
    private let descriptor: Int32
    private let isMidLine = Lock(false)
    private let dropped = Atomic<Int>(0)

    /// How long a line may wait for a reader of a non-blocking descriptor, in milliseconds.
    private static let patience: Int32 = 100

    /// Ignores SIGPIPE for the whole process, so that a closed pipe is an error code and no death.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
        signal(SIGPIPE, SIG_IGN)
    }

    /// Lines that could not be written, wholly or in part.
    public var droppedLines: Int { dropped.load(ordering: .relaxed) }

    /// - Parameter line: ends with a line feed and has no other.
    public func write(_ line: [UInt8]) {
        let isWritten = isMidLine.withLock { isMidLine in
            // After half a line, the next one must not continue it.
            writeAll(isMidLine ? [0x0a] + line : line, isMidLine: &isMidLine)
        }
        if !isWritten { dropped.wrappingAdd(1, ordering: .relaxed) }
    }

    private func writeAll(_ line: [UInt8], isMidLine: inout Bool) -> Bool {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                    isMidLine = !rest.isEmpty
                } else if errno == EAGAIN {
                    guard waitUntilWritable() else { return false }
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }

    private func waitUntilWritable() -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, Self.patience) == 1
    }
}
