import HTTPServer

/// CORS (Fetch Standard, section 3.3) for the frontend's origins: exact match, with cookies, and nothing for others.
struct CrossOriginSharing: Middleware {
    /// Origins as browsers send them, `https://meet.example.org`.
    let origins: Set<String>

    static let exposedHeaders =
        "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"

    func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        let origin = request.headers["Origin"].flatMap { origins.contains($0) ? $0 : nil }
        if let origin, request.method == .options, request.headers["Access-Control-Request-Method"] != nil {
            return preflightAnswer(origin)
        }
        var response = try await next(request)
        response.headers.add("Vary", "Origin")
        if let origin {
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.headers["Access-Control-Expose-Headers"] = CrossOriginSharing.exposedHeaders
        }
        return response
    }

    private func preflightAnswer(_ origin: String) -> HTTPResponse {
        HTTPResponse(
            .noContent,
            headers: [
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Credentials": "true",
                "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
                "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID",
                "Access-Control-Max-Age": "7200",
                "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            ])
    }
}
