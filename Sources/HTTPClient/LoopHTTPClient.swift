import CCurl
import Platform

/// The HTTP client of one event loop: a libcurl multi handle whose sockets and timer live on the loop
/// (libcurl-multi(3), curl_multi_socket_action(3)).
///
/// `@unchecked Sendable`: confined to its loop; every entry checks that.
final class LoopHTTPClient: @unchecked Sendable {
    let loop: EventLoop
    private let configuration: HTTPClientConfiguration
    private var multi: UnsafeMutableRawPointer?
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
    private var watched: Set<Int32> = []
    private var timer: LoopTimer?
    private var isStopped = false

    init(loop: EventLoop, configuration: HTTPClientConfiguration) {
        self.loop = loop
        self.configuration = configuration
    }

    func execute(_ request: HTTPClientRequest, timeout: Duration) async throws -> HTTPClientResponse {
        loop.preconditionInLoop()
        guard !isStopped else { throw HTTPClientError.stopped }
        if Task.isCancelled { throw HTTPClientError.cancelled }
        let transfer = try Transfer(ValidatedRequest(request), client: self, configuration: configuration)
        let head = try await transfer.run(timeout: timeout)
        return HTTPClientResponse(
            status: head.status, headers: head.headers, body: HTTPClientResponseBody(transfer: transfer))
    }

    /// Aborts what is running and closes all connections. Nothing can be sent afterwards.
    func stop() {
        loop.preconditionInLoop()
        isStopped = true
        for transfer in Array(transfers.values) { transfer.abort(.stopped) }
        if let multi { curl_multi_cleanup(multi) }
        multi = nil
        timer?.cancel()
        for descriptor in watched { loop.unwatch(descriptor) }
        watched = []
    }

    // MARK: Transfers

    func add(_ transfer: Transfer, _ handle: EasyHandle) throws(HTTPClientError) {
        let multi = try openMulti()
        let result = curl_multi_add_handle(multi, handle.pointer)
        guard result == CURLM_OK else { throw .library(call: "curl_multi_add_handle", code: Int(result.rawValue)) }
        transfers[handle.pointer] = transfer
    }

    /// Takes a transfer out; one that is not complete loses its connection.
    func remove(_ handle: EasyHandle) {
        guard transfers.removeValue(forKey: handle.pointer) != nil, let multi else { return }
        let result = curl_multi_remove_handle(multi, handle.pointer)
        precondition(result == CURLM_OK, "curl_multi_remove_handle gave \(result.rawValue)")
    }

    private func openMulti() throws(HTTPClientError) -> UnsafeMutableRawPointer {
        if let multi { return multi }
        let status = curlGlobalStatus
        guard status == CURLE_OK else { throw .library(call: "curl_global_init", code: Int(status.rawValue)) }
        guard let multi = curl_multi_init() else { throw .library(call: "curl_multi_init", code: 0) }
        let target = Unmanaged.passUnretained(self).toOpaque()
        let results = [
            lkc_multi_set_socket_callback(multi, socketChanged),
            lkc_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, target),
            lkc_multi_set_timer_callback(multi, timerChanged),
            lkc_multi_set_pointer(multi, CURLMOPT_TIMERDATA, target),
            lkc_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.maximumConnections),
            lkc_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maximumConnectionsPerHost),
            lkc_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximumConnections),
        ]
        if let failed = results.first(where: { $0 != CURLM_OK }) {
            curl_multi_cleanup(multi)
            throw .library(call: "curl_multi_setopt", code: Int(failed.rawValue))
        }
        self.multi = multi
        return multi
    }

    // MARK: Events

    private func act(_ descriptor: Int32, _ mask: Int32) {
        guard let multi else { return }
        var running: Int32 = 0
        let result = curl_multi_socket_action(multi, descriptor, mask, &running)
        if result != CURLM_OK {
            let error = HTTPClientError.library(call: "curl_multi_socket_action", code: Int(result.rawValue))
            for transfer in Array(transfers.values) { transfer.abort(error) }
            return
        }
        finishTransfers(multi)
    }

    private func finishTransfers(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // The message is gone once the handle is removed.
            let result = message.pointee.data.result
            transfers[easy]?.finish(result)
        }
    }

    /// libcurl wants to hear of a descriptor, or no longer. Returns false when that can't be.
    fileprivate func watch(_ descriptor: Int32, _ what: Int32) -> Bool {
        if what == CURL_POLL_REMOVE {
            loop.unwatch(descriptor)
            watched.remove(descriptor)
            return true
        }
        var interest: Readiness = []
        if what & CURL_POLL_IN != 0 { interest.insert(.read) }
        if what & CURL_POLL_OUT != 0 { interest.insert(.write) }
        if watched.contains(descriptor) {
            if (try? loop.rewatch(descriptor, for: interest)) != nil { return true }
            // The number belongs to another file by now.
            loop.unwatch(descriptor)
            watched.remove(descriptor)
        }
        do {
            try loop.watch(descriptor, for: interest) { [weak self] in self?.ready(descriptor, $0) }
        } catch {
            return false
        }
        watched.insert(descriptor)
        return true
    }

    private func ready(_ descriptor: Int32, _ readiness: Readiness) {
        var mask: Int32 = 0
        if readiness.contains(.read) { mask |= CURL_CSELECT_IN }
        if readiness.contains(.write) { mask |= CURL_CSELECT_OUT }
        if !readiness.isDisjoint(with: [.error, .hangUp]) { mask |= CURL_CSELECT_ERR }
        act(descriptor, mask)
    }

    fileprivate func setTimer(milliseconds: Int) {
        timer?.cancel()
        timer = nil
        guard milliseconds >= 0 else { return }
        timer = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in self?.act(-1, 0) }
    }
}

/// libcurl's process-wide set-up, once.
private let curlGlobalStatus: CURLcode = curl_global_init(Int(CURL_GLOBAL_ALL))

// libcurl's callbacks: it calls them on the loop's thread, from within `act`, `add`, `remove`, `stop` or a change of
// pauses.

private func socketChanged(
    _ easy: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t, _ what: Int32, _ target: UnsafeMutableRawPointer?,
    _ perSocket: UnsafeMutableRawPointer?
) -> Int32 {
    guard let target else { return -1 }
    let client = Unmanaged<LoopHTTPClient>.fromOpaque(target).takeUnretainedValue()
    return client.watch(descriptor, what) ? 0 : -1
}

private func timerChanged(
    _ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ target: UnsafeMutableRawPointer?
) -> Int32 {
    guard let target else { return -1 }
    Unmanaged<LoopHTTPClient>.fromOpaque(target).takeUnretainedValue().setTimer(milliseconds: milliseconds)
    return 0
}
