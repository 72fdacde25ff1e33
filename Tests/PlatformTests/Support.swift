import CLinux
import Glibc

@testable import Platform

/// A pipe whose ends are closed with it.
final class Pipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32
    private let readEndIsOpen = Lock(true)

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError("pipe") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        closeReadEnd()
        close(writeEnd)
    }

    func closeReadEnd() {
        readEndIsOpen.withLock { isOpen in
            if isOpen { close(readEnd) }
            isOpen = false
        }
    }

    /// Reads up to and with the next line feed.
    func readLine() throws -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while byte != 0x0a {
            var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, 5000) == 1 else { throw SystemError("poll", code: ETIMEDOUT) }
            guard read(readEnd, &byte, 1) == 1 else { throw SystemError("read") }
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }
}

/// Journal fields that were sent.
final class Sent: Sendable {
    private let taken = Lock<[String]>([])

    var fields: [String] { taken.withLock { $0 } }

    func take(_ entry: JournalEntry) -> Bool {
        var start = 0
        let fields = entry.ends.map { end in
            defer { start = end }
            return String(decoding: entry.text.bytes[start..<end], as: UTF8.self)
        }
        taken.withLock { $0 += fields }
        return true
    }
}

/// One result that a test waits for.
final class Signal<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let source: AsyncStream<Value>.Continuation

    init() { (stream, source) = AsyncStream.makeStream(of: Value.self) }

    func send(_ value: Value) { source.yield(value) }

    /// The next value sent.
    func next() async -> Value? {
        for await value in stream { return value }
        return nil
    }
}

/// Blocks a thread until the test lets it go.
final class ThreadGate: Sendable {
    private let pipe: Pipe

    init() {
        do { pipe = try Pipe() } catch { fatalError("no pipe: \(error)") }
    }

    func wait() {
        var byte: UInt8 = 0
        while read(pipe.readEnd, &byte, 1) < 0, errno == EINTR {}
    }

    func signal() { _ = write(pipe.writeEnd, "x", 1) }
}
