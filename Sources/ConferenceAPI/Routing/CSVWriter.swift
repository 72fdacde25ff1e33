import FoundationEssentials

/// Writes rows of comma-separated values (RFC 4180).
struct CSVWriter {
    private(set) var bytes: [UInt8] = []

    static let contentType = "text/csv; charset=utf-8; header=present"

    mutating func row(_ cells: [CSVCell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            switch cell {
            case .text(let text): append(text)
            case .number(let number): bytes.append(contentsOf: number.description.utf8)
            case .decimal(let number): bytes.append(contentsOf: number.description.utf8)
            case .time(let date): RFC3339.append(date, to: &bytes)
            case .empty: break
            }
        }
        bytes.append(contentsOf: "\r\n".utf8)
    }

    /// Spreadsheets take text that begins with one of these for a formula, which may read other cells and send them away. An
    /// apostrophe before it makes it text.
    private static let formulaStarts = Set("=+-@\t\r\n＝＋－＠".unicodeScalars)

    private mutating func append(_ text: String) {
        var text = text
        if let first = text.unicodeScalars.first, Self.formulaStarts.contains(first) { text = "'" + text }
        let needsQuotes = text.utf8.contains { $0 == 0x22 || $0 == 0x2c || $0 == 0x0d || $0 == 0x0a }
        guard needsQuotes else { return bytes.append(contentsOf: text.utf8) }
        bytes.append(0x22)
        for byte in text.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }
}

/// A value of a row.
enum CSVCell {
    /// What someone typed, or a word of ours.
    case text(String)
    case number(Int)
    case decimal(Double)
    case time(Date)
    case empty

    static func time(_ date: Date?) -> CSVCell { date.map { .time($0) } ?? .empty }
    static func decimal(_ number: Double?) -> CSVCell { number.map { .decimal($0) } ?? .empty }
}
