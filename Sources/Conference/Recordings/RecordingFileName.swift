import FoundationEssentials

/// The name under which a recording is saved: the meeting's title, the time in UTC, what it is.
struct RecordingFileName {
    let text: String

    init(_ recording: Recording, of meeting: Meeting) {
        let title = String(meeting.title.map { "/\\:*?\"<>|".contains($0) ? "-" : $0 })
        let kind = recording.kind == .composite ? "" : " (\(recording.kind.rawValue))"
        text =
            "\(title) \(Self.time(recording.startedAt ?? recording.createdAt))\(kind).\(recording.kind.fileExtension)"
    }

    /// A Content-Disposition field (RFC 6266): the name as it is for those who read RFC 8187, an ASCII one for others.
    func disposition(for purpose: RecordingLink.Purpose) -> String {
        let type = purpose == .play ? "inline" : "attachment"
        let plain = String(text.map { $0.isASCII && $0 != "%" && $0 != "\"" && $0 != "\\" ? $0 : "_" })
        return "\(type); filename=\"\(plain)\"; filename*=UTF-8''\(Self.encoded(text))"
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            return isPlain || "-._~".utf8.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `2026-03-01 09.00`: file systems take no colon everywhere.
    private static func time(_ date: Date) -> String {
        let text = date.formatted(Date.ISO8601FormatStyle(timeZone: .gmt))
        return String(text.prefix(16)).replacing("T", with: " ").replacing(":", with: ".")
    }
}
