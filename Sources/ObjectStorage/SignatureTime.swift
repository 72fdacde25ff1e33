import FoundationEssentials
import Glibc

/// A moment in the two forms that a signature needs, in UTC.
struct SignatureTime: Sendable {
    /// `20150830T123600Z`
    let timestamp: String
    /// `20150830`
    var day: String { String(timestamp.prefix(8)) }

    init(_ date: Date) {
        var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%Y%m%dT%H%M%SZ", &parts)
        timestamp = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    init(timestamp: String) { self.timestamp = timestamp }
}
