/// Status and header fields of a final response.
struct ResponseHead: Sendable {
    var status: Int
    var headers: HTTPClientHeaders
}

/// Makes heads out of the lines that libcurl hands over one by one; interim responses (100 to 199) are dropped.
struct ResponseHeadParser {
    /// The most bytes of all lines together.
    static let limit = 64 * 1024

    enum Outcome {
        case more
        case head(ResponseHead)
        case invalid(reason: String)
    }

    private var current: ResponseHead?
    private var size = 0
    private var isFinished = false

    mutating func add(_ line: UnsafeRawBufferPointer) -> Outcome {
        // What comes after the final head are a chunked body's trailers.
        if isFinished { return .more }
        size += line.count
        guard size <= ResponseHeadParser.limit else {
            return .invalid(reason: "the head is larger than \(ResponseHeadParser.limit) bytes")
        }
        let text = ResponseHeadParser.trimmed(line)
        if text.isEmpty { return endOfHead() }
        if current == nil { return begin(text) }
        addField(text, isFolded: line.first == 0x20 || line.first == 0x09)
        return .more
    }

    private mutating func begin(_ text: String) -> Outcome {
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/"), let status = Int(parts[1]), 100...999 ~= status else {
            return .invalid(reason: "the status line can't be read")
        }
        current = ResponseHead(status: status, headers: [:])
        return .more
    }

    private mutating func addField(_ text: String, isFolded: Bool) {
        if isFolded {
            current?.headers.extendLast(with: text)
            return
        }
        guard let colon = text.firstIndex(of: ":") else { return }
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        current?.headers.add(String(text[..<colon]), String(value))
    }

    private mutating func endOfHead() -> Outcome {
        guard let head = current else { return .more }
        current = nil
        if head.status < 200 && head.status != 101 { return .more }
        isFinished = true
        return .head(head)
    }

    /// The line without white space around it, which for a final CR LF matters and for the rest is not part of a value.
    private static func trimmed(_ line: UnsafeRawBufferPointer) -> String {
        var bytes = line[...]
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
