import HTTPServer

/// Adds what every answer carries: the request id, and headers that keep browsers from doing anything else with an API's
/// answer than reading it.
struct AnswerHeaders: Middleware {
    /// Whether to pin browsers to HTTPS (RFC 6797): when the public URL is https.
    let isHTTPS: Bool

    func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        var response = try await next(request)
        response.headers["X-Request-Id"] = request.id
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        response.headers["Referrer-Policy"] = "no-referrer"
        // The frontend may live on another origin of the same site, such as another port or subdomain.
        response.headers["Cross-Origin-Resource-Policy"] = "same-site"
        if isHTTPS { response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains" }
        if response.headers["Cache-Control"] == nil { response.headers["Cache-Control"] = "no-store" }
        return response
    }
}
