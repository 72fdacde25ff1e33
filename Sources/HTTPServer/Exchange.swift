import CMicrohttpd
import Platform

/// One request and its answer: turns libmicrohttpd's calls into a handler's task and back.
///
/// `@unchecked Sendable`: used on its loop only, where the handler's task runs too; what may come from elsewhere
/// (``readBody()``) hops there first.
final class Exchange: @unchecked Sendable {
    /// Where the exchange stands, in the order it passes through.
    private enum Phase {
        /// The request's first line was read.
        case head
        /// The head was judged good.
        case accepted(RequestHead, RequestHead.Framing, Router.Match)
        /// The route has an answer ready.
        case fixed(FixedResponse)
        /// The handler's task runs.
        case running
        /// The handler has answered; what is left of the body is dropped.
        case answered(HTTPResponse)
        /// The answer was handed over.
        case queued
        /// It is over, well or not.
        case over
    }

    private let server: ServerLoop
    private let connection: Connection
    private let target: String
    /// Where the target lies in the connection's buffer. Only compared with another place, never read.
    private let targetStart: UInt
    private var phase = Phase.head
    private var isSuspended = false
    private var task: Task<Void, Never>?
    private let body: BodyBuffer
    private var stream: ResponseStream?
    private var lingering: LingeringClose?
    /// Whether the request is HEAD, whose answer has no content.
    private var isHead = false
    /// Whether no further request may follow on this connection.
    private var mustClose = false
    /// Whether the handler's time is over.
    private var isOverdue = false
    /// The template of the route whose handler runs.
    private var template: String?

    /// How long a handler whose time is over may take to end.
    private static let grace = Duration.seconds(1)

    init(server: ServerLoop, connection: Connection, target: UnsafePointer<CChar>) {
        self.server = server
        self.connection = connection
        self.target = String(cString: target)
        targetStart = UInt(bitPattern: target)
        body = BodyBuffer(loop: server.loop)
    }

    /// Whether a handler is at work or its answer not yet handed over.
    var isUnderWay: Bool {
        switch phase {
        case .head, .accepted, .running, .answered, .fixed: true
        case .queued, .over: false
        }
    }

    var awaitsHead: Bool {
        if case .head = phase { true } else { false }
    }

    // MARK: libmicrohttpd's calls

    /// The head is complete. Nothing of the body was read yet.
    func receivedHead(method start: UnsafePointer<CChar>, version: UnsafePointer<CChar>) -> MHD_Result {
        let headers = server.headers(of: connection.native, method: start, version: version)
        let method = String(cString: start)
        isHead = method == "HEAD"
        let head = RequestHead(
            method: method, target: target, version: String(cString: version),
            headers: headers ?? HTTPHeaders())
        do throws(HTTPProblem) {
            if headers == nil || isMethodCut(start) || isTargetCut(before: version) {
                throw .badRequest("The request's head holds a NUL character.")
            }
            let framing = try head.judge()
            let match = server.router.match(HTTPMethod(rawValue: method), path: framing.path)
            let limit = Exchange.options(of: match).bodyLimit
            if case .length(let length) = framing.body, length > limit {
                throw HTTPProblem.bodyTooLarge(limit)
            }
            connection.deadline = server.now.advanced(by: Exchange.options(of: match).timeout)
            body.limit = limit
            if case .found(let route, _) = match, let fixed = route.fixed, framing.body == .none,
                method == "GET"
            {
                phase = .fixed(fixed)
            } else {
                phase = .accepted(head, framing, match)
            }
            return .YES
        } catch {
            return refuse(error, head: head)
        }
    }

    /// Whether libmicrohttpd 0.9 cut the method at a NUL character: in its buffer only white space stands between the method,
    /// whose first following byte is overwritten, and the target.
    private func isMethodCut(_ method: UnsafePointer<CChar>) -> Bool {
        let distance = targetStart &- UInt(bitPattern: method)
        guard lkc_mhd_truncates_at_nul() != 0, distance < 1 << 20 else { return false }
        let rest = UnsafeBufferPointer(start: method, count: Int(distance)).drop { $0 != 0 }.dropFirst()
        return !rest.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    /// Whether libmicrohttpd 0.9 cut the target at a NUL character: in its buffer the version follows the target after one
    /// space.
    private func isTargetCut(before version: UnsafePointer<CChar>) -> Bool {
        let distance = UInt(bitPattern: version) &- targetStart
        guard lkc_mhd_truncates_at_nul() != 0, distance < 1 << 20 else { return false }
        return distance != UInt(target.utf8.count) + 1
    }

    /// A piece of the body has come.
    ///
    /// - Returns: how many bytes were taken: all or none. None means that the connection was suspended.
    func receivedBody(_ piece: UnsafeRawBufferPointer) -> (result: MHD_Result, taken: Int) {
        startTask()
        guard body.fits(piece.count) else {
            // Who has their answer and goes on without end gets it now, and is not read any further.
            if case .answered(let response) = phase { return (abort(with: response), 0) }
            body.finish(.failure(HTTPProblem.bodyTooLarge(body.limit)))
            task?.cancel()
            return (abort(with: server.render(HTTPProblem.bodyTooLarge(body.limit), nil)), 0)
        }
        guard body.hasRoom else {
            suspend()
            return (.YES, 0)
        }
        body.append(piece)
        return (.YES, piece.count)
    }

    /// The request is complete, or the connection was resumed.
    func receivedAll() -> MHD_Result {
        if case .fixed(let fixed) = phase { return queue(fixed) }
        body.finish(.success(()))
        startTask()
        switch phase {
        case .answered(let response): return queue(response)
        case .running:
            suspend()
            return .YES
        default: return .NO
        }
    }

    /// libmicrohttpd is done with the exchange; the client may have left early.
    func ended() {
        lingering?.begin()
        lingering = nil
        if case .running = phase { task?.cancel() }
        task = nil
        phase = .over
        isSuspended = false
        body.finish(.failure(CancellationError()))
        stream?.cancel()
        stream = nil
    }

    /// The connection's deadline has passed.
    func timeLimitPassed() {
        switch phase {
        case .running where !isOverdue:
            isOverdue = true
            mustClose = true
            connection.deadline = server.now.advanced(by: Exchange.grace)
            task?.cancel()
        case .running:
            giveUp()
        default:
            server.cut(connection)
        }
    }

    /// Answers for a handler that goes on although it was cancelled.
    func giveUp() {
        guard case .running = phase else { return }
        task?.cancel()
        isOverdue = true
        mustClose = true
        server.log.warning("a handler did not end in time", ["http_route": template ?? "none"])
        answer(server.render(.handlerTimeout, nil))
    }

    // MARK: The handler

    private func startTask() {
        guard case .accepted(let head, let framing, var match) = phase else { return }
        phase = .running
        var query = QueryParameters()
        do throws(HTTPProblem) {
            if !framing.query.isEmpty { query = try QueryParameters(encoded: framing.query) }
        } catch {
            match = .refused(error, template: match.template)
        }
        template = match.template
        let request = makeRequest(head, framing, query)
        let work = Task.immediate(executorPreference: server.loop) { [self, match] in
            let response = await server.router.respond(to: request, match: match) { [self] in
                isOverdue ? .handlerTimeout : .clientLeft
            }
            answer(response)
        }
        if case .running = phase { task = work }
    }

    private func makeRequest(
        _ head: RequestHead, _ framing: RequestHead.Framing, _ query: QueryParameters
    ) -> HTTPRequest {
        HTTPRequest(
            method: HTTPMethod(rawValue: head.method), path: framing.path, query: query, headers: head.headers,
            clientAddress: server.clientAddress(of: connection, head.headers),
            id: server.requestID(of: connection, head.headers),
            body: framing.body == .none ? .empty : RequestBody(next: { [self] in try await readBody() }))
    }

    private func answer(_ response: HTTPResponse) {
        server.loop.preconditionInLoop()
        guard case .running = phase else { return }
        phase = .answered(response)
        task = nil
        body.discard()
        // Of an upload that took too long nobody knows when it would end.
        if isOverdue, !isSuspended { server.cut(connection) }
        resume()
    }

    private func readBody() async throws -> [UInt8]? {
        guard server.loop.isInLoop else {
            return try await server.loop.run { try await self.readBody() }
        }
        if let piece = body.take() {
            if !body.isFull { resume() }
            return piece
        }
        return try await body.wait()
    }

    // MARK: Answers

    private func queue(_ fixed: FixedResponse) -> MHD_Result {
        phase = .queued
        connection.deadline = server.sendDeadline(length: 0)
        return MHD_queue_response(connection.native, UInt32(fixed.status.rawValue), fixed.pointer)
    }

    private func queue(_ response: HTTPResponse) -> MHD_Result {
        if case .stream(_, let next) = response.body { stream = ResponseStream(next: next) }
        if case .events(let events) = response.body, !isHead { return handOver(events, response) }
        let closing = mustClose || server.isDraining
        let context = Unmanaged.passUnretained(self).toOpaque()
        let native = NativeResponse.make(response, closing: closing, streamContext: context)
        guard let native else {
            server.log.error(
                "an answer held a header field that can't be sent",
                ["status": "\(response.status.rawValue)"])
            return queue(server.render(.unexpected(ResponseNotSendable()), nil))
        }
        defer { MHD_destroy_response(native) }
        phase = .queued
        if case .bytes(let bytes) = response.body {
            connection.deadline = server.sendDeadline(length: bytes.count)
        }
        if stream != nil { connection.deadline = server.sendDeadline(length: 0) }
        return MHD_queue_response(connection.native, UInt32(response.status.rawValue), native)
    }

    /// Lets libmicrohttpd drop its descriptor of the connection, which under `MHD_USE_TURBO` shuts nothing down.
    private func handOver(_ events: EventStream, _ response: HTTPResponse) -> MHD_Result {
        guard server.open(events, of: response, on: connection) else {
            mustClose = true
            return queue(server.render(.unexpected(ResponseNotSendable()), nil))
        }
        phase = .queued
        return .NO
    }

    /// Answers at once, without reading the body, and ends the connection.
    private func refuse(_ problem: HTTPProblem, head: RequestHead) -> MHD_Result {
        mustClose = true
        lingering = LingeringClose(of: connection.descriptor, on: server.loop)
        return queue(server.render(problem, head))
    }

    /// Answers in the middle of a body, where libmicrohttpd takes no answer: the bytes go out here and the connection ends.
    private func abort(with response: HTTPResponse) -> MHD_Result {
        lingering = LingeringClose(of: connection.descriptor, on: server.loop)
        RawResponse.write(response, to: connection.descriptor)
        return .NO
    }

    /// Gives libmicrohttpd the next bytes of a streamed answer: a count, 0 when suspended, or one of its end marks.
    func readStream(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let stream else { return lkc_mhd_end_with_error() }
        if !stream.hasOutcome {
            stream.fetch(on: server.loop) { [self] in resume() }
        }
        switch stream.read(into: buffer) {
        case .bytes(let count):
            connection.deadline = server.sendDeadline(length: 0)
            return count
        case .pending:
            connection.deadline = server.streamDeadline
            suspend()
            return 0
        case .end: return lkc_mhd_end_of_stream()
        case .failed(let error):
            server.log.error("a streamed answer broke off", ["error": "\(error)"])
            return lkc_mhd_end_with_error()
        }
    }

    // MARK: Suspension

    private func suspend() {
        guard !isSuspended else { return }
        isSuspended = true
        MHD_suspend_connection(connection.native)
    }

    private func resume() {
        guard isSuspended else { return }
        isSuspended = false
        MHD_resume_connection(connection.native)
        server.needsTurn = true
    }

    private static func options(of match: Router.Match) -> Router.Options {
        if case .found(let route, _) = match { route.options } else { Router.Options() }
    }
}

/// A handler gave an answer with a header field that must not be sent.
struct ResponseNotSendable: Error {}

extension HTTPProblem {
    static func bodyTooLarge(_ limit: Int) -> HTTPProblem {
        HTTPProblem(
            .contentTooLarge, code: "body_too_large", title: "Content too large",
            detail: "The request's body is larger than the \(limit) bytes that are taken here.")
    }

    /// Never sent: for the access log and the metrics, with the status that others use for it.
    static let clientLeft = HTTPProblem(
        HTTPStatus(rawValue: 499), code: "client_left", title: "Client left",
        detail: "The client closed the connection before it was answered.")

    static let handlerTimeout = HTTPProblem(
        .serviceUnavailable, code: "timeout", title: "The request took too long",
        detail: "The request was not finished in time and was given up. Try again.",
        headers: ["Retry-After": "1"])
}
