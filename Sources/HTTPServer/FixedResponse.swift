/// An answer that never changes, so that it is made once.
final class FixedResponse: Sendable {
    let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }
}
