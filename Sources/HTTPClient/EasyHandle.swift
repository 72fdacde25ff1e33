import CCurl
import Glibc
import Platform

/// A libcurl easy handle with its header list and error text. Used on one loop; freed with the object.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorBuffer: UnsafeMutablePointer<CChar>

    init() throws(HTTPClientError) {
        guard let pointer = curl_easy_init() else { throw .library(call: "curl_easy_init", code: 0) }
        self.pointer = pointer
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerList)
        errorBuffer.deallocate()
    }

    /// Sets everything about the request except who receives its events.
    func configure(_ request: HTTPClientRequest, _ configuration: HTTPClientConfiguration) throws(HTTPClientError) {
        try set(CURLOPT_ERRORBUFFER, pointer: errorBuffer)
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it, giving up a name resolution waits for the resolver's thread, and the loop with it.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_BUFFERSIZE, 64 * 1024)
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(configuration.connectTimeout.seconds * 1000)))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = configuration.certificateAuthorityFile { try set(CURLOPT_CAINFO, file) }
        try set(CURLOPT_USERAGENT, configuration.userAgent)
        try set(CURLOPT_URL, request.url)
        if let path = request.unixSocket { try set(CURLOPT_UNIX_SOCKET_PATH, path) }
        try setMethod(request)
        try setHeaders(request.headers)
    }

    private func setMethod(_ request: HTTPClientRequest) throws(HTTPClientError) {
        // A method that usually has a body says "Content-Length: 0" when it has none (RFC 9110, section 8.6).
        let length = request.body.length ?? (["POST", "PUT", "PATCH"].contains(request.method) ? 0 : nil)
        if let length {
            try set(CURLOPT_UPLOAD, 1)
            try check(
                lkc_easy_set_offset(pointer, CURLOPT_INFILESIZE_LARGE, curl_off_t(length)), CURLOPT_INFILESIZE_LARGE)
        } else if request.method == "HEAD" {
            try set(CURLOPT_NOBODY, 1)
        } else {
            try set(CURLOPT_HTTPGET, 1)
        }
        try set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setHeaders(_ headers: HTTPClientHeaders) throws(HTTPClientError) {
        // A name with a colon and nothing else keeps libcurl from adding the header by itself.
        try append("Expect:")
        if headers["Accept"] == nil { try append("Accept:") }
        for (name, value) in headers {
            let isBlank = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            try append(isBlank ? "\(name);" : "\(name): \(value)")
        }
        try set(CURLOPT_HTTPHEADER, pointer: headerList)
    }

    private func append(_ line: String) throws(HTTPClientError) {
        guard let extended = curl_slist_append(headerList, line) else {
            throw .library(call: "curl_slist_append", code: 0)
        }
        headerList = extended
    }

    /// Lets a transfer receive the events. The transfer must outlive the handle's time in a multi handle.
    func attach(_ transfer: Transfer) throws(HTTPClientError) {
        let target = Unmanaged.passUnretained(transfer).toOpaque()
        try check(lkc_easy_set_write(pointer, CURLOPT_WRITEFUNCTION, receiveBody), CURLOPT_WRITEFUNCTION)
        try check(lkc_easy_set_write(pointer, CURLOPT_HEADERFUNCTION, receiveHeadLine), CURLOPT_HEADERFUNCTION)
        try check(lkc_easy_set_read(pointer, sendBody), CURLOPT_READFUNCTION)
        try check(lkc_easy_set_seek(pointer, seekBody), CURLOPT_SEEKFUNCTION)
        try check(lkc_easy_set_prerequest(pointer, requestBegins), CURLOPT_PREREQFUNCTION)
        for option in [
            CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA, CURLOPT_PREREQDATA,
        ] {
            try set(option, pointer: target)
        }
    }

    /// For a handshake alone, whose certificate is kept.
    func prepareProbe(isVerified: Bool) throws(HTTPClientError) {
        try set(CURLOPT_CONNECT_ONLY, 1)
        try set(CURLOPT_CERTINFO, 1)
        guard !isVerified else { return }
        try set(CURLOPT_SSL_VERIFYPEER, 0)
        try set(CURLOPT_SSL_VERIFYHOST, 0)
    }

    /// The fields of the server's own certificate, as libcurl puts them (CURLINFO_CERTINFO).
    func certificate() -> [String: String]? {
        var chain: UnsafeMutablePointer<curl_certinfo>?
        guard lkc_easy_get_certinfo(pointer, &chain) == CURLE_OK, let chain, chain.pointee.num_of_certs > 0,
            let certificates = chain.pointee.certinfo
        else { return nil }
        var fields: [String: String] = [:]
        var next = certificates[0]
        while let entry = next {
            let parts = String(cString: entry.pointee.data).split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
            next = entry.pointee.next
        }
        return fields
    }

    func setPaused(receiving: Bool, sending: Bool) throws(HTTPClientError) {
        let mask = (receiving ? CURLPAUSE_RECV : 0) | (sending ? CURLPAUSE_SEND : 0)
        let result = curl_easy_pause(pointer, mask)
        guard result == CURLE_OK else { throw .library(call: "curl_easy_pause", code: Int(result.rawValue)) }
    }

    /// What libcurl says about a failure, in one printable line.
    func errorText(_ result: CURLcode) -> String {
        let detailed = String(cString: errorBuffer)
        let text = detailed.isEmpty ? String(cString: curl_easy_strerror(result)) : detailed
        return String(text.unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7f ? " " : Character($0) })
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(lkc_easy_set_long(pointer, option, value), option)
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPClientError) {
        try check(lkc_easy_set_string(pointer, option, value), option)
    }

    private func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) throws(HTTPClientError) {
        try check(lkc_easy_set_pointer(pointer, option, value), option)
    }

    private func check(_ result: CURLcode, _ option: CURLoption) throws(HTTPClientError) {
        guard result == CURLE_OK else {
            throw .library(call: "curl_easy_setopt(\(option.rawValue))", code: Int(result.rawValue))
        }
    }
}

// libcurl's callbacks: it calls them on the loop's thread, with the transfer given in `attach(_:)`.

private func transfer(_ target: UnsafeMutableRawPointer?) -> Transfer? {
    guard let target else { return nil }
    return Unmanaged<Transfer>.fromOpaque(target).takeUnretainedValue()
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ target: UnsafeMutableRawPointer?
) -> Int {
    transfer(target)?.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func receiveHeadLine(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ target: UnsafeMutableRawPointer?
) -> Int {
    transfer(target)?.receiveHeadLine(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func sendBody(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ target: UnsafeMutableRawPointer?
) -> Int {
    guard let buffer, let transfer = transfer(target) else { return lkc_read_abort() }
    return transfer.sendBody(to: buffer, capacity: size * count)
}

private func seekBody(_ target: UnsafeMutableRawPointer?, _ place: curl_off_t, _ origin: Int32) -> Int32 {
    guard origin == SEEK_SET, let transfer = transfer(target), transfer.seekBody(to: Int(place)) else {
        return CURL_SEEKFUNC_FAIL
    }
    return CURL_SEEKFUNC_OK
}

private func requestBegins(
    _ target: UnsafeMutableRawPointer?, _ remoteAddress: UnsafeMutablePointer<CChar>?,
    _ localAddress: UnsafeMutablePointer<CChar>?, _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
    transfer(target)?.requestBegins()
    return CURL_PREREQFUNC_OK
}
