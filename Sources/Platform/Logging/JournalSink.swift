import CLinux
import CSystemd
import Glibc

/// Log entries for journald with structured fields, through sd_journal_sendv(3).
///
/// `MESSAGE` is the readable sentence with all fields, so that plain `journalctl` shows everything; each field is also one of
/// its own in capitals (`REQUEST_ID`, `MEETING_ID`, `HTTP_STATUS`) for `journalctl MEETING_ID=...`.
public struct JournalSink: LogSink {
    private let identifier: String
    private let send: @Sendable (JournalEntry) -> Bool
    private let fallback: TextSink

    /// - Parameter identifier: the value of `SYSLOG_IDENTIFIER`.
    public init(identifier: String = "livekit-conference") {
        self.init(identifier: identifier, send: sendToJournal, fallback: TextSink(colours: false))
    }

    /// - Parameter fallback: takes entries that journald doesn't.
    init(identifier: String, send: @escaping @Sendable (JournalEntry) -> Bool, fallback: TextSink) {
        self.identifier = identifier
        self.send = send
        self.fallback = fallback
    }

    public func write(_ entry: LogEntry) {
        var journal = JournalEntry()
        journal.add("MESSAGE=") { $0.appendSentence(entry) }
        journal.add("PRIORITY=") { $0.appendTrusted(String(entry.level.priority)) }
        journal.add("SYSLOG_IDENTIFIER=") { $0.appendTrusted(identifier) }
        journal.add("COMPONENT=") { $0.appendTrusted(entry.component) }
        for field in entry.fields {
            journal.add("") { text in
                text.appendTrusted(journalFieldName(field.name))
                text.append("=")
                text.appendBytes(field.value, limit: LogText.valueLimit)
            }
        }
        if !send(journal) { fallback.write(entry) }
    }
}

/// The fields of one entry as the journal takes them, `NAME=value` each, one behind the other.
struct JournalEntry: Sendable {
    private(set) var text = LogText()
    private(set) var ends: [Int] = []

    mutating func add(_ start: StaticString, _ rest: (inout LogText) -> Void) {
        text.append(start)
        rest(&text)
        ends.append(text.bytes.count)
    }
}

/// Names of journald are capitals, digits and underscores, start with a letter and have at most 64 bytes
/// (systemd.journal-fields(7)). Names with a meaning of their own get a prefix.
func journalFieldName(_ name: String) -> String {
    let capitals = name.utf8.prefix(64).map { byte -> UInt8 in
        switch byte {
        case 0x61...0x7a: byte - 0x20
        case 0x41...0x5a, 0x30...0x39: byte
        default: 0x5f
        }
    }
    let result = String(decoding: capitals, as: UTF8.self)
    let isReserved = reservedJournalFields.contains(result) || result.hasPrefix("SYSLOG_") || result.hasPrefix("CODE_")
    let startsWithLetter = capitals.first.map { (0x41...0x5a).contains($0) } ?? false
    return isReserved || !startsWithLetter ? String(("FIELD_" + result).prefix(64)) : result
}

private let reservedJournalFields: Set<String> = [
    "MESSAGE", "MESSAGE_ID", "PRIORITY", "COMPONENT", "ERRNO", "TID", "UNIT", "USER_UNIT", "DOCUMENTATION",
    "INVOCATION_ID",
    "OBJECT_PID", "COREDUMP_UNIT",
]

private func sendToJournal(_ entry: JournalEntry) -> Bool {
    entry.text.bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return true }
        var vectors: [iovec] = []
        vectors.reserveCapacity(entry.ends.count)
        var start = 0
        for end in entry.ends {
            vectors.append(iovec(iov_base: UnsafeMutableRawPointer(mutating: base + start), iov_len: end - start))
            start = end
        }
        return sd_journal_sendv(vectors, Int32(vectors.count)) >= 0
    }
}
