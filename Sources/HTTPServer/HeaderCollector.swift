import CMicrohttpd

/// Collects header fields, and notices those that libmicrohttpd 0.9 cut at a NUL character.
///
/// The fields lie one behind the other in the connection's buffer, each line end overwritten with NUL. So between the end
/// of a value and the next name there are line ends and white space only, unless something was cut off.
struct HeaderCollector {
    private(set) var headers = HTTPHeaders()
    private var wasCut = false
    private var lastEnd: UnsafeRawPointer?

    mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        headers.add(HeaderCollector.text(name), HeaderCollector.text(HeaderCollector.trimmed(value)))
        guard lkc_mhd_truncates_at_nul() != 0, let start = name.baseAddress,
            let valueStart = value.baseAddress
        else {
            return
        }
        if let lastEnd, lastEnd < start { wasCut = wasCut || !HeaderCollector.isGap(lastEnd, start) }
        lastEnd = valueStart + value.count
    }

    var isTruncated: Bool {
        guard !wasCut, let lastEnd else { return wasCut }
        // The line end and the empty line behind the last field are at least two bytes, both overwritten.
        return lastEnd.load(as: UInt8.self) != 0 || lastEnd.load(fromByteOffset: 1, as: UInt8.self) != 0
    }

    /// Whether the bytes between two fields can be what separates them.
    private static func isGap(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer) -> Bool {
        UnsafeRawBufferPointer(start: start, count: end - start).allSatisfy {
            $0 == 0 || $0 == 0x20 || $0 == 0x09 || $0 == 0x0d || $0 == 0x0a
        }
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
