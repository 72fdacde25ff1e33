import CMicrohttpd

/// Makes libmicrohttpd's form of an answer.
enum NativeResponse {
    /// - Parameters:
    ///   - closing: whether the connection ends with this answer.
    ///   - streamContext: given to the reader of a streamed body.
    /// - Returns: nil when a header field's name or value can't be sent, such as one with a line break.
    static func make(
        _ response: HTTPResponse, closing: Bool, streamContext: UnsafeMutableRawPointer?
    ) -> OpaquePointer? {
        guard let native = body(response.body, streamContext: streamContext) else { return nil }
        for (name, value) in response.headers where !HTTPHeaders.isSameName(name, "Content-Length") {
            guard isSafe(name), isSafe(value), add(name, value, to: native) else {
                MHD_destroy_response(native)
                return nil
            }
        }
        if closing { _ = MHD_add_response_header(native, "Connection", "close") }
        return native
    }

    private static func add(_ name: String, _ value: String, to native: OpaquePointer) -> Bool {
        // Given as they are, each would be copied into an array first.
        name.withCString { name in
            value.withCString { value in MHD_add_response_header(native, name, value) == .YES }
        }
    }

    private static func body(_ body: ResponseBody, streamContext: UnsafeMutableRawPointer?)
        -> OpaquePointer?
    {
        switch body {
        case .empty, .events:
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { buffer in
                MHD_create_response_from_buffer(
                    buffer.count, UnsafeMutableRawPointer(mutating: buffer.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .stream(let length, _):
            let size = length.map(UInt64.init) ?? lkc_mhd_unknown_size()
            return MHD_create_response_from_callback(size, 16 * 1024, readStream, streamContext, nil)
        }
    }

    /// A line break or NUL would let a value end the field and begin another.
    static func isSafe(_ text: String) -> Bool {
        text.areBytes { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }
}

private func readStream(
    _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int
) -> Int {
    guard let context, let buffer else { return lkc_mhd_end_with_error() }
    let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    return exchange.readStream(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
}
