import CMicrohttpd

/// An answer that never changes, so that it is made once, for all loops.
///
/// `@unchecked Sendable`: both properties are constants, and libmicrohttpd counts a response's references under its own
/// lock.
final class FixedResponse: @unchecked Sendable {
    let status: HTTPStatus
    let pointer: OpaquePointer

    init(_ response: HTTPResponse) {
        guard let pointer = NativeResponse.make(response, closing: false, streamContext: nil) else {
            preconditionFailure("a fixed answer has an invalid header field, or no memory was left")
        }
        status = response.status
        self.pointer = pointer
    }

    deinit { MHD_destroy_response(pointer) }
}
