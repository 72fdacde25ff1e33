import Glibc

/// Encoded commands on their way to the socket: appended at the end, consumed from the front.
struct OutputBuffer: ~Copyable {
    private var storage: UnsafeMutableRawPointer
    private var capacity: Int
    private var start = 0
    private var end = 0

    init(capacity: Int = 16 << 10) {
        storage = .allocate(byteCount: capacity, alignment: 1)
        self.capacity = capacity
    }

    deinit { storage.deallocate() }

    var count: Int { end - start }
    var isEmpty: Bool { start == end }
    var readable: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage + start, count: count) }

    mutating func consume(_ count: Int) {
        precondition(count <= self.count)
        start += count
        guard start == end else { return }
        (start, end) = (0, 0)
        // After a burst, give back what ordinary traffic never needs.
        if capacity > 1 << 20 { reallocate(to: 16 << 10) }
    }

    /// Appends a command: an array of bulk strings.
    mutating func append(_ command: [RedisArgument]) {
        appendHeader(0x2a, command.count)
        for argument in command {
            switch argument {
            case .text(var text):
                text.withUTF8 { appendBulk(UnsafeRawBufferPointer($0)) }
            case .bytes(let bytes):
                bytes.withUnsafeBytes { appendBulk($0) }
            case .integer(let integer):
                withDecimal(integer) { appendBulk($0) }
            }
        }
    }

    /// Appends commands; cheaper than one after the other from outside, where each is a checked access to the buffer.
    mutating func append(contentsOf commands: [[RedisArgument]]) {
        for command in commands { append(command) }
    }

    private mutating func appendBulk(_ bytes: UnsafeRawBufferPointer) {
        appendHeader(0x24, bytes.count)
        reserve(bytes.count + 2)
        if let base = bytes.baseAddress { memcpy(storage + end, base, bytes.count) }
        end += bytes.count
        appendLineEnd()
    }

    private mutating func appendHeader(_ type: UInt8, _ count: Int) {
        reserve(24)
        storage.storeBytes(of: type, toByteOffset: end, as: UInt8.self)
        end += 1
        if count < 10 {
            storage.storeBytes(of: 0x30 + UInt8(count), toByteOffset: end, as: UInt8.self)
            end += 1
        } else {
            withDecimal(count) { digits in
                (storage + end).copyMemory(from: digits.baseAddress.unsafelyUnwrapped, byteCount: digits.count)
                end += digits.count
            }
        }
        appendLineEnd()
    }

    private mutating func appendLineEnd() {
        storage.storeBytes(of: 0x0d, toByteOffset: end, as: UInt8.self)
        storage.storeBytes(of: 0x0a, toByteOffset: end + 1, as: UInt8.self)
        end += 2
    }

    private mutating func reserve(_ additional: Int) {
        guard end + additional > capacity else { return }
        if start > 0, count + additional <= capacity / 2 {
            memmove(storage, storage + start, count)
            (start, end) = (0, count)
        } else {
            reallocate(to: max(capacity * 2, count + additional))
        }
    }

    private mutating func reallocate(to newCapacity: Int) {
        let new = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 1)
        let count = count
        memcpy(new, storage + start, count)
        storage.deallocate()
        storage = new
        capacity = newCapacity
        (start, end) = (0, count)
    }
}

/// The decimal digits of a number, without an allocation.
private func withDecimal<Value>(_ number: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { buffer in
        var position = 20
        var rest = number.magnitude
        repeat {
            position -= 1
            buffer[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 {
            position -= 1
            buffer[position] = 0x2d
        }
        return body(UnsafeRawBufferPointer(rebasing: buffer[position...]))
    }
}
