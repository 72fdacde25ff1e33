import FoundationEssentials

/// A point in time as PostgreSQL keeps it: microseconds since 2000-01-01 00:00 UTC.
struct PostgresTimestamp: Hashable {
    let microseconds: Int64

    /// From 2000-01-01 to 2001-01-01, where `Date` starts.
    private static let secondsToReferenceDate = 31_622_400.0
    private static let day: Int64 = 86_400_000_000
    /// 0001-01-01 and 10000-01-01.
    private static let range = -63_082_281_600_000_000..<252_455_616_000_000_000 as Range<Int64>

    init(microseconds: Int64) { self.microseconds = microseconds }

    /// - Returns: nil outside of the years 1 to 9999.
    init?(_ date: Date) {
        // Seconds and their fraction apart: together they would need more digits than a Double has.
        let interval = date.timeIntervalSinceReferenceDate
        let whole = interval.rounded(.down)
        let fraction = ((interval - whole) * 1_000_000).rounded()
        guard let value = Int64(exactly: (whole + Self.secondsToReferenceDate) * 1_000_000),
            let fraction = Int64(exactly: fraction), Self.range.contains(value)
        else { return nil }
        microseconds = value + fraction
    }

    /// Reads `2026-11-23 22:55:49.123456+00`, the style `ISO` of PostgreSQL's `DateStyle`.
    init?(text: UnsafeRawBufferPointer) {
        var reader = DigitReader(text)
        guard let year = reader.number(), reader.skip("-"), let month = reader.number(), reader.skip("-"),
            let dayOfMonth = reader.number(), reader.skip(" "), let hour = reader.number(), reader.skip(":"),
            let minute = reader.number(), reader.skip(":"), let second = reader.number()
        else { return nil }
        let fraction = reader.skip(".") ? reader.fraction() : 0
        guard let offset = reader.zoneOffset(), reader.isAtEnd else { return nil }
        let days = Self.days(year: year, month: month, day: dayOfMonth)
        let seconds = hour * 3600 + minute * 60 + second - offset
        microseconds = days * Self.day + seconds * 1_000_000 + fraction
    }

    /// The two ends of the range mean minus infinity and infinity.
    var isFinite: Bool { microseconds != .min && microseconds != .max }

    var date: Date {
        Date(timeIntervalSinceReferenceDate: Double(microseconds) / 1_000_000 - Self.secondsToReferenceDate)
    }

    var text: String {
        let (days, time) = microseconds.flooredQuotientAndRemainder(by: Self.day)
        let (year, month, dayOfMonth) = Self.civil(days: days)
        let (seconds, fraction) = time.quotientAndRemainder(dividingBy: 1_000_000)
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfMonth, 2) + " "
            + padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2) + "."
            + padded(fraction, 6) + "+00"
    }

    // The Gregorian calendar in eras of 400 years, counted from 1 March so that a leap day ends its year.

    private static let daysInEra: Int64 = 146_097
    /// From 0000-03-01 to 2000-01-01.
    private static let daysBefore2000: Int64 = 730_425

    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = shifted.flooredQuotientAndRemainder(by: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * daysInEra + dayOfEra - daysBefore2000
    }

    static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + daysBefore2000).flooredQuotientAndRemainder(by: daysInEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

private func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
    fileprivate func flooredQuotientAndRemainder(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// Reads digits and separators from the front of a text.
private struct DigitReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func number() -> Int64? {
        let start = position
        var value: Int64 = 0
        while let digit = digit(), position - start <= 9 { value = value * 10 + digit }
        return position > start ? value : nil
    }

    /// Up to six digits after the point, as millionths.
    mutating func fraction() -> Int64 {
        var value: Int64 = 0
        for _ in 0..<6 { value = value * 10 + (digit() ?? 0) }
        return value
    }

    /// `+02`, `-03:30` or `+00:19:32`, in seconds east of UTC.
    mutating func zoneOffset() -> Int64? {
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number() else { return nil }
        var seconds = hours * 3600
        if skip(":") { seconds += (number() ?? 0) * 60 }
        if skip(":") { seconds += number() ?? 0 }
        return isWest ? -seconds : seconds
    }

    private mutating func digit() -> Int64? {
        guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else {
            return nil
        }
        defer { position += 1 }
        return Int64(bytes[position] - UInt8(ascii: "0"))
    }
}
