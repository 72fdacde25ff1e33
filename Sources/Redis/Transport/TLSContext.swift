import COpenSSL
import Glibc

/// The trust and our own certificate for every TLS connection of one configuration.
///
/// `@unchecked Sendable`: the pointer never changes, the object is not modified after `init`, and `SSL_new` on a shared
/// `SSL_CTX` is safe from any thread (openssl-threads(7)).
final class TLSContext: @unchecked Sendable {
    fileprivate let pointer: OpaquePointer

    /// Reads the files: may take milliseconds.
    init(_ options: RedisTLSOptions) throws(RedisError) {
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(TLS_client_method()) else {
            throw .tls("OpenSSL gives no context: \(openSSLErrors())")
        }
        self.pointer = pointer
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        guard SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil) == 1 else {
            throw .tls("OpenSSL refuses TLS 1.2 as the least version: \(openSSLErrors())")
        }
        let mode = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
        SSL_CTX_ctrl(pointer, SSL_CTRL_MODE, Int(mode), nil)
        try loadTrust(options.authorityFile)
        if let certificate = options.certificateFile, let key = options.keyFile {
            try loadIdentity(certificate: certificate, key: key)
        }
    }

    deinit { SSL_CTX_free(pointer) }

    private func loadTrust(_ file: String?) throws(RedisError) {
        guard let file else {
            guard SSL_CTX_set_default_verify_paths(pointer) == 1 else {
                throw .configuration("the system's certificate authorities can't be read: \(openSSLErrors())")
            }
            return
        }
        guard SSL_CTX_load_verify_locations(pointer, file, nil) == 1 else {
            throw .configuration("ca=\(file) can't be read as PEM certificates: \(openSSLErrors())")
        }
    }

    private func loadIdentity(certificate: String, key: String) throws(RedisError) {
        guard SSL_CTX_use_certificate_chain_file(pointer, certificate) == 1 else {
            throw .configuration("cert=\(certificate) can't be read as PEM certificates: \(openSSLErrors())")
        }
        guard SSL_CTX_use_PrivateKey_file(pointer, key, SSL_FILETYPE_PEM) == 1 else {
            throw .configuration("key=\(key) can't be read as the certificate's PEM key: \(openSSLErrors())")
        }
    }
}

/// One TLS connection on a non-blocking socket. Confined to the connection that owns it.
final class TLSSession {
    enum Handshake { case done, wantsRead, wantsWrite, failed(String) }

    private let pointer: OpaquePointer
    /// Keeps the trust alive as long as the connection.
    private let context: TLSContext

    /// - Parameter host: the name, or address, that the server's certificate must carry.
    init(_ context: TLSContext, socket: Int32, host: String) throws(RedisError) {
        ERR_clear_error()
        guard let pointer = SSL_new(context.pointer) else {
            throw .tls("OpenSSL gives no connection: \(openSSLErrors())")
        }
        self.pointer = pointer
        self.context = context
        guard SSL_set_fd(pointer, socket) == 1 else { throw .tls("OpenSSL refuses the socket: \(openSSLErrors())") }
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pointer), host) == 1
        ERR_clear_error()
        if !isAddress {
            guard SSL_set1_host(pointer, host) == 1, setServerName(host) else {
                throw .tls("OpenSSL refuses the host name \(host): \(openSSLErrors())")
            }
        }
        SSL_set_connect_state(pointer)
    }

    deinit { SSL_free(pointer) }

    private func setServerName(_ host: String) -> Bool {
        var name = Array(host.utf8CString)
        return SSL_ctrl(pointer, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name) == 1
    }

    func continueHandshake() -> Handshake {
        ERR_clear_error()
        let status = SSL_do_handshake(pointer)
        if status == 1 { return .done }
        switch SSL_get_error(pointer, status) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        default: return .failed(handshakeFailure())
        }
    }

    private func handshakeFailure() -> String {
        let verification = SSL_get_verify_result(pointer)
        guard verification != Int(X509_V_OK) else { return openSSLErrors() }
        let reason = X509_verify_cert_error_string(verification).map { String(cString: $0) } ?? "\(verification)"
        return "the server's certificate was refused (\(reason)); check the host in the URL and its parameter ca"
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> TransferOutcome {
        ERR_clear_error()
        var count = 0
        let status = SSL_read_ex(pointer, buffer.baseAddress, buffer.count, &count)
        return status == 1 ? .bytes(count) : outcome(of: status)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> TransferOutcome {
        ERR_clear_error()
        var count = 0
        let status = SSL_write_ex(pointer, bytes.baseAddress, bytes.count, &count)
        return status == 1 ? .bytes(count) : outcome(of: status)
    }

    /// Tells the server that this is the end, as far as the socket takes it.
    func shutDown() {
        ERR_clear_error()
        SSL_shutdown(pointer)
    }

    private func outcome(of status: Int32) -> TransferOutcome {
        switch SSL_get_error(pointer, status) {
        case SSL_ERROR_WANT_READ: .wantsRead
        case SSL_ERROR_WANT_WRITE: .wantsWrite
        case SSL_ERROR_ZERO_RETURN: .closed
        default: .failed(openSSLErrors())
        }
    }
}

/// The thread's queued OpenSSL errors as text; empties the queue.
private func openSSLErrors() -> String {
    var reasons: [String] = []
    while case let code = ERR_get_error(), code != 0 {
        if let reason = ERR_reason_error_string(code) {
            reasons.append(String(cString: reason))
        } else {
            var buffer = [CChar](repeating: 0, count: 256)
            ERR_error_string_n(code, &buffer, buffer.count)
            reasons.append(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
    }
    return reasons.isEmpty ? "the connection was closed" : reasons.joined(separator: "; ")
}
