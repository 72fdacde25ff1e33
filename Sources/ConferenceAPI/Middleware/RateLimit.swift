import Conference
import FoundationEssentials
import HTTPServer

/// Takes one token a request, and tells the client how many are left (draft-ietf-httpapi-ratelimit-headers-10).
struct RateLimit: Middleware {
    let limiter: any RateLimiting
    let limits: RateLimits
    let index: OperationIndex<Operation.RateLimit>

    func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        let bucket: RateLimitBucket
        let key: String
        switch index.find(request) ?? .general {
        case .exempt:
            return try await next(request)
        case .general:
            bucket = limits.general
            key = request.attributes[Session.self].map { "account \(AccountID($0.accountID))" } ?? addressKey(request)
        case .guessing:
            bucket = limits.guessing
            key = addressKey(request)
        }
        let decision = await limiter.take(bucket, key: key)
        guard decision.allowed else { throw RateLimit.refusal(bucket, decision) }
        var response = try await next(request)
        for header in RateLimit.headers(bucket, decision) { response.headers[header.name] = header.value }
        return response
    }

    private func addressKey(_ request: HTTPRequest) -> String { "address \(RateLimit.network(request.clientAddress))" }

    /// An IPv4 address, or the /64 network of an IPv6 address, of which one household has 2^64 addresses.
    static func network(_ address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")), !address.utf8.contains(UInt8(ascii: ".")) else {
            return address
        }
        let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        var groups = halves[0].split(separator: ":").map(String.init)
        if halves.count == 2 {
            let tail = halves[1].split(separator: ":").map(String.init)
            groups += Array(repeating: "0", count: max(0, 8 - groups.count - tail.count)) + tail
        }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }

    static func refusal(_ bucket: RateLimitBucket, _ decision: RateLimitDecision) -> HTTPProblem {
        var headers = headers(bucket, decision)
        let wait = (decision.retryAfter ?? decision.resetAfter).wholeSecondsUp
        headers["Retry-After"] = String(wait)
        return ProblemKind.rateLimited.problem(
            "Too many requests. Wait \(wait) seconds before the next one.", headers: headers)
    }

    private static func headers(_ bucket: RateLimitBucket, _ decision: RateLimitDecision) -> HTTPHeaders {
        let window = max(1, Int((Double(bucket.capacity) / bucket.refillPerSecond).rounded(.up)))
        let reset = decision.resetAfter > .zero ? decision.resetAfter.wholeSecondsUp : 0
        return [
            "RateLimit-Policy": "\"\(bucket.name)\";q=\(decision.limit);w=\(window)",
            "RateLimit": "\"\(bucket.name)\";r=\(decision.remaining);t=\(reset)",
        ]
    }
}
