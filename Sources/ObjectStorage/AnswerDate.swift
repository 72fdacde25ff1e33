import FoundationEssentials
import Glibc

/// The dates in S3's answers, all in UTC.
package enum AnswerDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `2026-01-31T12:00:00.000Z`, of listings.
    static func fromListing(_ text: String) -> Date? {
        let parts = text.split { "-T:.Z".contains($0) }.map { Int($0) }
        guard parts.count >= 6 else { return nil }
        return date(year: parts[0], month: parts[1], day: parts[2], time: parts[3...5])
    }

    /// `Sat, 31 Jan 2026 12:00:00 GMT`, of headers (RFC 9110, section 5.6.7).
    package static func fromHeader(_ text: String) -> Date? {
        let parts = text.split { " ,:".contains($0) }
        guard parts.count == 8, parts[7] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let numbers = parts.map { Int($0) }
        return date(year: numbers[3], month: month + 1, day: numbers[1], time: numbers[4...6])
    }

    private static func date(year: Int?, month: Int?, day: Int?, time: ArraySlice<Int?>) -> Date? {
        let time = time.compactMap { $0 }
        guard let year, let month, let day, time.count == 3, 1900...9999 ~= year, 1...12 ~= month, 1...31 ~= day else {
            return nil
        }
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(clamping: time[0])
        parts.tm_min = Int32(clamping: time[1])
        parts.tm_sec = Int32(clamping: time[2])
        return Date(timeIntervalSince1970: Double(timegm(&parts)))
    }
}
