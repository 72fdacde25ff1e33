import HTTPServer
import Platform

extension HTTPResponse {
    /// An answer of one JSON object.
    static func json(
        _ status: HTTPStatus = .ok, headers: HTTPHeaders = [:], _ members: (inout JSONWriter) -> Void
    ) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object(members)
        return HTTPResponse(status, contentType: "application/json", bytes: writer.bytes, headers: headers)
    }
}
