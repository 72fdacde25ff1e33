import Glibc

/// Calls the body with null-terminated arrays of C strings, which are valid until it returns.
func withCStrings<Value>(
    _ pairs: [(String, String)],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> Value
) -> Value {
    let keys = pairs.map { strdup($0.0) }
    let values = pairs.map { strdup($0.1) }
    defer { for string in keys + values { free(string) } }
    let keyPointers = keys.map { UnsafePointer($0) } + [nil]
    let valuePointers = values.map { UnsafePointer($0) } + [nil]
    return keyPointers.withUnsafeBufferPointer { keys in
        valuePointers.withUnsafeBufferPointer { values in
            guard let keys = keys.baseAddress, let values = values.baseAddress else {
                preconditionFailure("an array with a terminator is never empty")
            }
            return body(keys, values)
        }
    }
}

extension String {
    /// Whether a C function would see less than all of it.
    var holdsNUL: Bool {
        var text = self
        return text.withUTF8 { utf8 in utf8.baseAddress.map { memchr($0, 0, utf8.count) != nil } ?? false }
    }
}
