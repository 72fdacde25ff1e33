import CMicrohttpd

/// Collects header fields, and notices those that libmicrohttpd 0.9 cut at a NUL character.
///
/// The fields lie one behind the other in the connection's buffer, each line end overwritten with NUL. So between the end
/// of a value and the next name there are line ends and white space only, unless something was cut off; and behind the last
/// field there are two line ends and nothing else, unless a line that begins with NUL was taken for the empty one. A NUL
/// that stands for the CR of a line end can't be told from it; it hides nothing.
struct HeaderCollector {
    private(set) var headers = HTTPHeaders()
    private var wasCut = false
    private var lastEnd: UnsafeRawPointer?

    /// - Parameter firstLineEnd: the byte behind the request's first line; nil where that isn't known.
    init(firstLineEnd: UnsafeRawPointer?) { lastEnd = firstLineEnd }

    mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        headers.add(HeaderCollector.text(name), HeaderCollector.text(HeaderCollector.trimmed(value)))
        guard lkc_mhd_truncates_at_nul() != 0, let start = name.baseAddress,
            let valueStart = value.baseAddress
        else {
            return
        }
        if let lastEnd, lastEnd < start { wasCut = wasCut || !HeaderCollector.areLineEnds(lastEnd, start, atMost: 2) }
        lastEnd = valueStart + value.count
    }

    /// Whether the head holds a NUL.
    ///
    /// - Parameter end: the byte behind the head.
    func isTruncated(before end: UnsafeRawPointer) -> Bool {
        guard lkc_mhd_truncates_at_nul() != 0, !wasCut, let lastEnd else { return wasCut }
        // A folded field was copied to another place. Whether something followed the last one can't be seen then.
        guard lastEnd <= end else { return true }
        return !HeaderCollector.areLineEnds(lastEnd, end, atMost: 4)
    }

    /// Whether the bytes from a field's end on are what remains of line ends, of so many bytes.
    private static func areLineEnds(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer, atMost most: Int) -> Bool {
        let rest = UnsafeRawBufferPointer(start: start, count: end - start).drop { $0 == 0x20 || $0 == 0x09 }
        return rest.count <= most && rest.allSatisfy { $0 == 0 || $0 == 0x0d || $0 == 0x0a }
    }

    /// Optional white space around a value is no part of it (RFC 9110, section 5.5).
    private static func trimmed(_ value: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        var value = value[...]
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        return value
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
