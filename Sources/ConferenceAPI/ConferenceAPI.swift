import Conference
import HTTPServer
import Platform

/// The API's router, made of one table of operations. The program and the tests build it here and nowhere else.
///
/// From the outside to the inside a request passes:
/// 1. ``RequestMetrics``, so that everything is counted;
/// 2. ``AccessLog``, so that everything is logged, with what the rest found out;
/// 3. ``AnswerHeaders``: request id and security headers, on problems too;
/// 4. ``CrossOriginSharing``, which answers preflights before anything else is asked of them;
/// 5. ``Authentication``, since limits are by account;
/// 6. ``RateLimit``, before anything costs more than a look-up;
/// 7. the operation's ``CallReader``: cross-site defence, access, parameters, content;
/// 8. its handler, whose ``ConferenceError`` becomes a problem here, in one place.
///
/// `/health/live` passes nothing of this: it is one fixed answer.
public func makeRouter(_ dependencies: APIDependencies) -> Router {
    let operations = Operations(dependencies).all
    let log = dependencies.log.with(component: "api")
    let settings = dependencies.settings
    var router = Router(
        problemRenderer: ProblemRenderer.render,
        onUnexpectedError: { error, request in
            // The client left, or the request's time was over: nothing is wrong with the program.
            if error is CancellationError { return }
            log.error(
                "unexpected error",
                ["cause": "\(error)", "request_id": request.id, "http_route": request.route ?? "none"])
        })
    router.use(
        RequestMetrics(registry: dependencies.metrics, operations: operations, now: dependencies.uptime))
    router.use(AccessLog(log: dependencies.log.with(component: "http"), now: dependencies.uptime))
    router.use(AnswerHeaders(isHTTPS: settings.isHTTPS))
    router.use(CrossOriginSharing(origins: settings.origins))
    router.use(
        Authentication(
            cookie: Cookie(isSecure: settings.isHTTPS), sessions: dependencies.sessions,
            accounts: dependencies.accounts, keys: dependencies.keys, clock: dependencies.clock,
            index: OperationIndex(operations, value: \.access)))
    router.use(
        RateLimit(
            limiter: dependencies.limiter, limits: settings.rateLimits,
            index: OperationIndex(operations, value: \.rateLimit)))
    // In this order and nothing else: OperationIndex counts on it.
    for operation in operations {
        add(operation, to: &router, crossSiteDefence: CrossSiteDefence(origins: settings.origins))
    }
    return router
}

private func add(_ operation: Operation, to router: inout Router, crossSiteDefence: CrossSiteDefence) {
    if let fixed = operation.fixedAnswer {
        return router.addFixed(operation.template, response: fixed)
    }
    let reader = CallReader(operation: operation, crossSiteDefence: crossSiteDefence)
    let handler = operation.handler
    router.add(operation.method, operation.template, options: Router.Options(bodyLimit: operation.bodyLimit)) {
        request in
        do {
            return try await handler(try await reader.read(request))
        } catch let error as ConferenceError {
            throw HTTPProblem(error)
        }
    }
}
