import CLinux
import Glibc
import Platform

/// Looks up addresses with getaddrinfo(3), which blocks, on a thread of its own.
enum NameResolver {
    typealias Outcome = Result<[SocketAddress], RedisError>

    /// Calls back on the loop, once. An address that needs no lookup is answered at once.
    static func resolve(
        host: String, port: UInt16, loop: EventLoop, completion: @escaping @Sendable (Outcome) -> Void
    ) {
        if case .success(let addresses) = lookUp(host, port, flags: AI_NUMERICHOST) {
            completion(.success(addresses))
            return
        }
        let work = Work {
            let outcome = lookUp(host, port, flags: AI_ADDRCONFIG)
            loop.execute { completion(outcome) }
        }
        let box = Unmanaged.passRetained(work)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let status = pthread_create(&thread, &attributes, runWork, box.toOpaque())
        guard status == 0 else {
            box.release()
            let reason = SystemError("pthread_create", code: status).description
            completion(.failure(.unavailable("no thread to look up \(host): \(reason)")))
            return
        }
    }

    private static func lookUp(_ host: String, _ port: UInt16, flags: Int32) -> Outcome {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else {
            let reason = gai_strerror(status).map { String(cString: $0) } ?? "error \(status)"
            return .failure(.unavailable("can't look up \(host): \(reason)"))
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let current = entry?.pointee {
            if let address = current.ai_addr {
                addresses.append(SocketAddress(address, length: current.ai_addrlen))
            }
            entry = current.ai_next
        }
        return addresses.isEmpty ? .failure(.unavailable("\(host) has no address")) : .success(addresses)
    }
}

private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runWork(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box else { return nil }
    let work = Unmanaged<Work>.fromOpaque(box).takeRetainedValue()
    blockSignals()
    work.body()
    return nil
}

/// Signals belong to the main thread.
private func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
}
