import HTTPServer
import Platform

/// One log entry a request, at its end: for an event stream that is when the client has left. Names the route's template, never the path or query, which may hold secrets.
struct AccessLog: Middleware {
    let log: Logger
    let now: @Sendable () -> ContinuousClock.Instant

    func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        if request.attributes[SelfCheck.self] != nil { return try await next(request) }
        let start = now()
        let notes = RequestNotes()
        var noted = request
        noted.attributes[RequestNotes.self] = notes
        let response = try await next(noted)
        guard case .events(let stream) = response.body else {
            log.log(
                AccessLog.level(of: response.status), "request",
                AccessLog.fields(of: request, response, notes.content, duration: now() - start))
            return response
        }
        stream.onEnd { [self] end in
            var fields = AccessLog.fields(of: request, response, notes.content, duration: now() - start)
            fields["bytes"] = "\(end.bytes)"
            fields["events"] = "\(end.events)"
            fields["stream_end"] = end.reason.rawValue
            log.info("request", fields)
        }
        return response
    }

    private static func fields(
        of request: HTTPRequest, _ response: HTTPResponse, _ notes: RequestNotes.Content, duration: Duration
    ) -> Logger.Fields {
        var fields: Logger.Fields = [
            "http_method": request.method.rawValue,
            "http_route": request.route ?? "none",
            "http_status": String(response.status.rawValue),
            "duration_ms": milliseconds(duration),
            "request_id": request.id,
            "client_address": request.clientAddress,
        ]
        fields.add("bytes", response.body.length.map { String($0) })
        fields.add("meeting_id", notes.meetingID)
        fields.add("account_id", notes.accountID)
        fields.add("problem", notes.problem)
        fields.add("cause", notes.cause)
        return fields
    }

    /// The server's own failures stand out; a client's don't.
    static func level(of status: HTTPStatus) -> LogLevel { status.rawValue >= 500 ? .warning : .info }

    /// With three digits after the point.
    static func milliseconds(_ duration: Duration) -> String {
        let microseconds = duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
        let fraction = String(1_000 + microseconds % 1_000).dropFirst()
        return "\(microseconds / 1_000).\(fraction)"
    }
}

extension ResponseBody {
    /// Bytes, where known before the end.
    var length: Int? {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .stream(let length, _): length
        case .events: nil
        }
    }
}
