import CCurl
import Platform

/// One exchange: a libcurl easy handle, what arrived for the reader, and the limits in time.
///
/// `@unchecked Sendable`: every property that changes is touched on the loop's thread only; the methods check that.
final class Transfer: @unchecked Sendable {
    private enum Ending {
        case complete
        case failed(any Error)
    }

    let loop: EventLoop
    let host: String
    private let client: LoopHTTPClient
    private let configuration: HTTPClientConfiguration
    private let idleTimeout: Duration
    private let nextPiece: (@Sendable () async throws -> [UInt8]?)?
    private var handle: EasyHandle?
    private var ending: Ending?
    private var failureInCallback: HTTPClientError?

    private let head: LoopWaiter<ResponseHead>
    private var parser = ResponseHeadParser()
    private var received: [UInt8] = []
    private var reader: LoopWaiter<Void>?
    private var isReceivingPaused = false

    private var source: UploadSource
    private var pump: Task<Void, Never>?
    private var isSendingPaused = false

    private var totalTimer: LoopTimer?
    private var idleTimer: LoopTimer?
    private var lastProgress = MonotonicTime.now

    init(
        _ validated: ValidatedRequest, client: LoopHTTPClient, configuration: HTTPClientConfiguration
    ) throws(HTTPClientError) {
        self.client = client
        self.configuration = configuration
        loop = client.loop
        host = validated.host
        head = LoopWaiter(loop: client.loop)
        source = UploadSource(validated.request.body)
        idleTimeout = validated.request.idleTimeout ?? configuration.idleTimeout
        if case .stream(_, let next) = validated.request.body { nextPiece = next } else { nextPiece = nil }
        let handle = try EasyHandle()
        try handle.configure(validated.request, configuration)
        try handle.attach(self)
        self.handle = handle
    }

    // MARK: For the caller

    /// Sends the request and waits for the head of the response.
    func run(timeout: Duration) async throws -> ResponseHead {
        loop.preconditionInLoop()
        guard let handle else { throw HTTPClientError.stopped }
        try client.add(self, handle)
        totalTimer = loop.schedule(after: timeout) { [weak self] in
            guard let self else { return }
            abort(.timeout(.total, host: host, after: timeout))
        }
        do {
            return try await head.wait(onCancel: { self.abort(.cancelled) })
        } catch is CancellationError where Task.isCancelled {
            throw HTTPClientError.cancelled
        }
    }

    func readBody() async throws -> [UInt8]? {
        loop.preconditionInLoop()
        while true {
            if !received.isEmpty {
                var piece: [UInt8] = []
                swap(&piece, &received)
                if isReceivingPaused { resumeReceiving() }
                return piece
            }
            switch ending {
            case .complete: return nil
            case .failed(let error): throw error
            case nil: try await waitForReadable()
            }
        }
    }

    private func waitForReadable() async throws {
        precondition(reader == nil, "the body of a response has one reader at a time")
        let waiter = LoopWaiter<Void>(loop: loop)
        reader = waiter
        defer { reader = nil }
        do {
            try await waiter.wait(onCancel: { self.abort(.cancelled) })
        } catch {
            abort(.cancelled)
            throw HTTPClientError.cancelled
        }
    }

    /// Ends the transfer at once; its connection is closed. Later calls do nothing.
    func abort(_ error: any Error) {
        guard ending == nil else { return }
        end(.failed(error))
    }

    func abort(_ error: HTTPClientError) { abort(error as any Error) }

    /// libcurl is done with the transfer.
    func finish(_ result: CURLcode) {
        guard ending == nil else { return }
        if let failureInCallback {
            end(.failed(failureInCallback))
        } else if result != CURLE_OK {
            let text = handle?.errorText(result) ?? ""
            let limit = configuration.connectTimeout
            end(.failed(HTTPClientError(result, host: host, text: text, connectTimeout: limit)))
        } else if !head.isFinished {
            end(.failed(HTTPClientError.invalidResponse(host: host, reason: "it ended before the head was complete")))
        } else {
            end(.complete)
        }
    }

    private func end(_ ending: Ending) {
        loop.preconditionInLoop()
        self.ending = ending
        totalTimer?.cancel()
        idleTimer?.cancel()
        pump?.cancel()
        if let handle { client.remove(handle) }
        handle = nil
        if case .failed(let error) = ending { head.finish(.failure(error)) }
        reader?.finish(.success(()))
    }

    // MARK: Called by libcurl

    /// The connection is there and the request is about to go out.
    func requestBegins() {
        lastProgress = .now
        if idleTimer == nil { scheduleIdleCheck(after: idleTimeout) }
    }

    func receiveHeadLine(_ line: UnsafeRawBufferPointer) -> Int {
        lastProgress = .now
        switch parser.add(line) {
        case .more:
            return line.count
        case .head(let head):
            self.head.finish(.success(head))
            return line.count
        case .invalid(let reason):
            failureInCallback = .invalidResponse(host: host, reason: reason)
            return 0
        }
    }

    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastProgress = .now
        if received.count >= configuration.bodyBufferSize {
            isReceivingPaused = true
            return lkc_write_pause()
        }
        received.append(contentsOf: bytes)
        reader?.finish(.success(()))
        return bytes.count
    }

    func sendBody(to target: UnsafeMutableRawPointer, capacity: Int) -> Int {
        lastProgress = .now
        switch source.copy(to: target, capacity: capacity) {
        case .copied(let count):
            return count
        case .end:
            return 0
        case .waitForPiece:
            isSendingPaused = true
            requestPiece()
            return lkc_read_pause()
        }
    }

    func seekBody(to place: Int) -> Bool { source.seek(to: place) }

    // MARK: Back-pressure

    private func requestPiece() {
        guard let nextPiece else { return }
        let promised = source.promised
        let given = source.given
        pump = Task(executorPreference: loop) {
            do {
                var piece = try await nextPiece()
                while let empty = piece, empty.isEmpty { piece = try await nextPiece() }
                // The last piece waits for the source's end, so that a source that grew is noticed in time.
                if let last = piece, given + last.count == promised, let more = try await nextPiece() {
                    piece = last + more
                }
                self.supply(piece)
            } catch {
                self.abort(error)
            }
        }
    }

    private func supply(_ piece: [UInt8]?) {
        guard ending == nil else { return }
        if let error = source.supply(piece) { return abort(error) }
        isSendingPaused = false
        applyPauses()
    }

    private func resumeReceiving() {
        isReceivingPaused = false
        applyPauses()
    }

    private func applyPauses() {
        guard let handle, ending == nil else { return }
        lastProgress = .now
        do {
            try handle.setPaused(receiving: isReceivingPaused, sending: isSendingPaused)
        } catch {
            abort(error)
        }
    }

    // MARK: Silence

    private func scheduleIdleCheck(after delay: Duration) {
        idleTimer = loop.schedule(after: delay) { [weak self] in self?.checkIdle() }
    }

    private func checkIdle() {
        guard ending == nil else { return }
        if isReceivingPaused || isSendingPaused { lastProgress = .now }
        let silence = MonotonicTime.now.duration(since: lastProgress)
        if silence >= idleTimeout {
            abort(.timeout(.idle, host: host, after: idleTimeout))
        } else {
            scheduleIdleCheck(after: idleTimeout - silence)
        }
    }
}
