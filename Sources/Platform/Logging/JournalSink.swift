import CLinux
import CSystemd
import Glibc

/// Log entries for journald with structured fields, through sd_journal_sendv(3).
///
/// `MESSAGE` is the readable sentence with all fields, so that plain `journalctl` shows everything; each field is also one of
/// its own in capitals (`REQUEST_ID`, `MEETING_ID`, `HTTP_STATUS`) for `journalctl MEETING_ID=...`.
public struct JournalSink: LogSink {
    private let identifier: String
    private let send: @Sendable ([[UInt8]]) -> Bool
    private let fallback: TextSink

    /// - Parameter identifier: the value of `SYSLOG_IDENTIFIER`.
    public init(identifier: String = "livekit-conference") {
        self.init(identifier: identifier, send: sendToJournal, fallback: TextSink(colours: false))
    }

    /// - Parameter fallback: takes entries that journald doesn't.
    init(identifier: String, send: @escaping @Sendable ([[UInt8]]) -> Bool, fallback: TextSink) {
        self.identifier = identifier
        self.send = send
        self.fallback = fallback
    }

    public func write(_ entry: LogEntry) {
        if !send(fields(of: entry)) { fallback.write(entry) }
    }

    /// The fields as the journal takes them, `NAME=value` each.
    func fields(of entry: LogEntry) -> [[UInt8]] {
        var message = LogText()
        message.append("MESSAGE=")
        message.appendSentence(entry)
        var fields = [
            message.bytes,
            Array("PRIORITY=\(entry.level.priority)".utf8),
            Array("SYSLOG_IDENTIFIER=\(identifier)".utf8),
            Array("COMPONENT=\(entry.component)".utf8),
        ]
        for (key, value) in entry.fields {
            let value = value.utf8.prefix(LogText.valueLimit)
            fields.append(Array((journalFieldName(key) + "=").utf8) + value)
        }
        return fields
    }
}

/// Names of journald are capitals, digits and underscores, start with a letter and have at most 64 bytes
/// (systemd.journal-fields(7)). Names with a meaning of their own get a prefix.
func journalFieldName(_ name: String) -> String {
    var result = String(
        decoding: name.utf8.map { byte -> UInt8 in
            switch byte {
            case 0x61...0x7a: byte - 0x20
            case 0x41...0x5a, 0x30...0x39: byte
            default: 0x5f
            }
        }, as: UTF8.self)
    let isReserved = reservedJournalFields.contains(result) || result.hasPrefix("SYSLOG_") || result.hasPrefix("CODE_")
    if isReserved || !(result.first?.isLetter ?? false) { result = "FIELD_" + result }
    return String(result.prefix(64))
}

private let reservedJournalFields: Set<String> = [
    "MESSAGE", "MESSAGE_ID", "PRIORITY", "COMPONENT", "ERRNO", "TID", "UNIT", "USER_UNIT", "DOCUMENTATION",
    "INVOCATION_ID",
    "OBJECT_PID", "COREDUMP_UNIT",
]

private func sendToJournal(_ fields: [[UInt8]]) -> Bool {
    // One buffer for all fields: their addresses are stable while it is borrowed.
    let bytes = Array(fields.joined())
    return bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return true }
        var vectors: [iovec] = []
        var offset = 0
        for field in fields {
            vectors.append(iovec(iov_base: UnsafeMutableRawPointer(mutating: base + offset), iov_len: field.count))
            offset += field.count
        }
        return sd_journal_sendv(vectors, Int32(vectors.count)) >= 0
    }
}
