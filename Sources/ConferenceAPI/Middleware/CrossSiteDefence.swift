import HTTPServer

/// Keeps other sites' pages from acting with a visitor's session cookie (cross-site request forgery).
///
/// Browsers say where an unsafe request comes from: `Origin`, and `Sec-Fetch-Site` (W3C Fetch Metadata). A request with
/// neither is from no browser, so no cookie was added to it behind someone's back.
struct CrossSiteDefence: Sendable {
    /// The frontend's origins and our own.
    let origins: Set<String>

    /// - Throws: ``HTTPProblem`` 403 for an unsafe request that another site's page makes.
    func check(_ request: HTTPRequest) throws(HTTPProblem) {
        switch request.method {
        case .get, .head, .options: return
        default: break
        }
        if let origin = request.headers["Origin"] {
            if origins.contains(origin) { return }
        } else {
            guard let site = request.headers["Sec-Fetch-Site"], site != "same-origin", site != "none" else { return }
        }
        throw ProblemKind.crossSiteRequest.problem(
            "The request comes from a page of another site. Use this API from its own frontend; the administrator adds "
                + "further origins with CORS_ALLOWED_ORIGINS.")
    }
}
