import FoundationEssentials

/// Times as RFC 3339 writes them. Answers are always in UTC with milliseconds: `2026-03-01T09:30:00.000Z`.
enum RFC3339 {
    /// The time, or nil when the text is not of section 5.6. A leap second counts as the second after it.
    static func parse(_ text: String) -> Date? {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.number(digits: 4), scanner.take("-"),
            let month = scanner.number(digits: 2), (1...12).contains(month), scanner.take("-"),
            let day = scanner.number(digits: 2), day >= 1, day <= length(ofMonth: month, year: year),
            scanner.take("T") || scanner.take("t"),
            let hour = scanner.number(digits: 2), hour <= 23, scanner.take(":"),
            let minute = scanner.number(digits: 2), minute <= 59, scanner.take(":"),
            let second = scanner.number(digits: 2), second <= 60,
            let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd
        else { return nil }
        let seconds = daysSince1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// Midnight in UTC of a day such as `2026-03-01` (section 5.6, full-date), or nil.
    static func parseDay(_ text: String) -> Date? { text.utf8.count == 10 ? parse("\(text)T00:00:00Z") : nil }

    /// The day in UTC, such as `2026-03-01`.
    static func formatDay(_ date: Date) -> String { String(format(date).prefix(10)) }

    static func append(_ date: Date, to bytes: inout [UInt8]) {
        let milliseconds = Int((date.timeIntervalSince1970 * 1_000).rounded(.down))
        let days = floorDivide(milliseconds, 86_400_000)
        let time = milliseconds - days * 86_400_000
        let (year, month, day) = civil(days)
        appendNumber(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendNumber(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendNumber(day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        appendNumber(time / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendNumber(time / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendNumber(time / 1_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        appendNumber(time % 1_000, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    static func format(_ date: Date) -> String {
        var bytes: [UInt8] = []
        append(date, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendNumber(_ value: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        var rest = value
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / divisor % 10))
            rest %= divisor
            divisor /= 10
        }
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = (marchMonth + 2) % 12 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }

    /// Takes a time's parts from left to right.
    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        mutating func number(digits: Int) -> Int? {
            guard position + digits <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[position..<position + digits] {
                guard ASCII.isDigit(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            position += digits
            return value
        }

        /// The part of a second, 0 where there is none, nil for a point without digits.
        mutating func fraction() -> Double? {
            guard take(".") else { return 0 }
            var value = 0.0
            var scale = 0.1
            let start = position
            while position < bytes.count, ASCII.isDigit(bytes[position]) {
                value += Double(bytes[position] - 0x30) * scale
                scale /= 10
                position += 1
            }
            return position > start ? value : nil
        }

        /// Seconds east of Greenwich.
        mutating func offset() -> Int? {
            if take("Z") || take("z") { return 0 }
            let isWest = take("-")
            guard isWest || take("+"), let hours = number(digits: 2), hours <= 23, take(":"),
                let minutes = number(digits: 2), minutes <= 59
            else { return nil }
            return (hours * 60 + minutes) * 60 * (isWest ? -1 : 1)
        }
    }
}
