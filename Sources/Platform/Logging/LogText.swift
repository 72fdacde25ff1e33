import CLinux
import Glibc

/// Bytes of a log line. What comes from outside can neither end the line nor command the terminal.
struct LogText {
    private(set) var bytes: [UInt8] = []

    /// Values beyond this many bytes are cut, so that no caller can fill the disk with one entry.
    static let valueLimit = 8192

    init() { bytes.reserveCapacity(512) }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func appendTrusted(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// The first `limit` bytes as they are, for a destination that knows where a value ends.
    mutating func appendBytes(_ value: String, limit: Int) {
        var value = value
        value.withUTF8 { bytes.append(contentsOf: $0.prefix(limit)) }
    }

    /// A value after `key=`: bare when it is plain, else in double quotes with escapes.
    mutating func appendValue(_ value: String) {
        if value.isEmpty || !append(value, ifAll: Self.isPlainByte) { appendQuoted(value) }
    }

    /// Appends a value as it is when it is short and all its bytes pass the test, as nearly every value's do.
    @inline(__always)
    private mutating func append(_ value: String, ifAll test: (UInt8) -> Bool) -> Bool {
        var value = value
        return value.withUTF8 { utf8 in
            guard utf8.count <= Self.valueLimit else { return false }
            for byte in utf8 where !test(byte) { return false }
            bytes.append(contentsOf: utf8)
            return true
        }
    }

    /// Printable ASCII but for the space, `"`, `=` and the backslash.
    private static func isPlainByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x3d && byte != 0x5c
    }

    /// A JSON string (RFC 8259) with quotes; also escapes what moves or hides text on a terminal.
    mutating func appendQuoted(_ value: String) {
        bytes.append(0x22)
        if append(value, ifAll: Self.isBareByte) { return bytes.append(0x22) }
        var written = 0
        for scalar in value.unicodeScalars {
            guard written < Self.valueLimit else {
                append("...")
                break
            }
            appendEscaped(scalar)
            written += scalar.utf8.count
        }
        bytes.append(0x22)
    }

    /// Printable ASCII that a JSON string holds as it is.
    private static func isBareByte(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7f && byte != 0x22 && byte != 0x5c
    }

    private mutating func appendEscaped(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x22: append("\\\"")
        case 0x5c: append("\\\\")
        case 0x0a: append("\\n")
        case 0x0d: append("\\r")
        case 0x09: append("\\t")
        case 0x00...0x1f, 0x7f...0x9f, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff:
            append("\\u")
            for shift in [12, 8, 4, 0] { bytes.append(hexDigit(scalar.value >> UInt32(shift) & 15)) }
        default: bytes.append(contentsOf: scalar.utf8)
        }
    }

    private func hexDigit(_ value: UInt32) -> UInt8 { UInt8(value < 10 ? 0x30 + value : 0x57 + value) }

    /// `component: message key=value ...`
    mutating func appendSentence(_ entry: LogEntry) {
        appendTrusted(entry.component)
        append(": ")
        append(entry.message)
        for field in entry.fields {
            append(" ")
            appendTrusted(LogText.fieldName(field.name))
            append("=")
            appendValue(field.value)
        }
    }

    /// A field's name as it may appear in a line: letters, digits, `_`, `.` and `-`; anything else becomes `_`.
    static func fieldName(_ name: String) -> String {
        let isPlain = !name.isEmpty && name.utf8.allSatisfy(isNameByte)
        if isPlain { return name }
        let bytes = name.utf8.map { isNameByte($0) ? $0 : 0x5f }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2e, 0x2d: true
        default: false
        }
    }

    /// The present time in UTC as RFC 3339 writes it, with milliseconds.
    mutating func appendTimestamp(_ time: timespec) {
        var seconds = time.tv_sec
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return append("-") }
        appendDecimal(Int(parts.tm_year) + 1900, width: 4)
        append("-")
        appendDecimal(Int(parts.tm_mon) + 1, width: 2)
        append("-")
        appendDecimal(Int(parts.tm_mday), width: 2)
        append("T")
        appendDecimal(Int(parts.tm_hour), width: 2)
        append(":")
        appendDecimal(Int(parts.tm_min), width: 2)
        append(":")
        appendDecimal(Int(parts.tm_sec), width: 2)
        append(".")
        appendDecimal(Int(time.tv_nsec) / 1_000_000, width: 3)
        append("Z")
    }

    /// The last `width` digits, with leading zeros.
    private mutating func appendDecimal(_ value: Int, width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(0x30 + value / divisor % 10))
            divisor /= 10
        }
    }
}

func wallClockNow() -> timespec {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time
}
