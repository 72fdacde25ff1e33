/// Percent-decoding of RFC 3986, section 2.1.
enum PercentEncoding {
    /// - Throws: ``HTTPProblem`` 400 when an escape is broken, or the result is not UTF-8 or holds NUL.
    static func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool = false) throws(HTTPProblem)
        -> String
    {
        try Array(bytes).withUnsafeBufferPointer { bytes throws(HTTPProblem) in
            try decode(bytes, plusIsSpace: plusIsSpace)
        }
    }

    static func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, plusIsSpace: Bool = false
    ) throws(HTTPProblem) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = hexDigit(iterator.next()), let low = hexDigit(iterator.next()) else {
                    throw .badRequest(
                        "The URL holds a percent sign that two hexadecimal digits do not follow.")
                }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                decoded.append(UInt8(ascii: " "))
            default:
                decoded.append(byte)
            }
        }
        guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else {
            throw .badRequest("The URL's percent-encoded text is not UTF-8, or holds a NUL character.")
        }
        return text
    }

    private static func hexDigit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let digit) where digit >= 0x30 && digit <= 0x39: digit - 0x30
        case .some(let digit) where digit >= 0x41 && digit <= 0x46: digit - 0x41 + 10
        case .some(let digit) where digit >= 0x61 && digit <= 0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
