/// Finds length-delimited fields in a protobuf message, for the few messages that come in that form.
enum ProtobufFields {
    /// The content of the first such field of that number; nil when there is none, or it is no protobuf.
    static func content(_ number: UInt64, of message: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = message
        while !rest.isEmpty {
            guard let tag = integer(&rest) else { return nil }
            switch tag & 7 {
            case 0: guard integer(&rest) != nil else { return nil }
            case 1: guard skip(8, &rest) else { return nil }
            case 2:
                guard let length = integer(&rest), length <= UInt64(rest.count) else { return nil }
                let content = rest.prefix(Int(length))
                if tag >> 3 == number { return content }
                rest = rest.dropFirst(Int(length))
            case 5: guard skip(4, &rest) else { return nil }
            default: return nil
            }
        }
        return nil
    }

    static func text(_ number: UInt64, of message: ArraySlice<UInt8>) -> String? {
        content(number, of: message).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func skip(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.count >= count else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    private static func integer(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
