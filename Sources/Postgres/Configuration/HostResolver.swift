import CLinux
import Glibc
import Platform

/// Hosts of a connection URL with their addresses, in libpq's parallel lists.
struct ResolvedHosts: Hashable, Sendable {
    var names: [String] = []
    var addresses: [String] = []
    /// Nil when the URL gives no port, or one for all.
    var ports: [String]?
}

/// Looks host names up on a thread of its own, because libpq would block the loop with it.
enum HostResolver {
    /// - Returns: nil when nothing needs a look-up (addresses, sockets, `hostaddr` given).
    /// - Throws: ``PostgresError/unavailable(_:)`` when a name has no address.
    static func resolve(
        _ parameters: [String: String], loop: EventLoop, atMost limit: Duration
    ) async throws -> ResolvedHosts? {
        guard parameters["hostaddr"] == nil, let host = parameters["host"] else { return nil }
        let names = host.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard names.contains(where: needsLookUp) else { return nil }
        let ports = parameters["port"]?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return try await BlockingCall.run(on: loop, atMost: limit) { try lookUp(names, ports: ports) }
    }

    static func needsLookUp(_ name: String) -> Bool {
        guard !name.isEmpty, !name.hasPrefix("/"), !name.hasPrefix("@") else { return false }
        var buffer = in6_addr()
        return inet_pton(AF_INET, name, &buffer) != 1 && inet_pton(AF_INET6, name, &buffer) != 1
    }

    private static func lookUp(_ names: [String], ports: [String]?) throws -> ResolvedHosts {
        var hosts = ResolvedHosts()
        var spread: [String] = []
        var problem: PostgresError?
        for (index, name) in names.enumerated() {
            do {
                // libpq leaves a socket's hostaddr empty, and reads an address from either list.
                let addresses = needsLookUp(name) ? try addresses(of: name) : [name.hasPrefix("/") ? "" : name]
                for address in addresses {
                    hosts.names.append(name)
                    hosts.addresses.append(address)
                    if let ports, ports.count > 1 { spread.append(ports[min(index, ports.count - 1)]) }
                }
            } catch let error as PostgresError {
                problem = error
            }
        }
        if hosts.names.isEmpty, let problem { throw problem }
        if !spread.isEmpty { hosts.ports = spread }
        return hosts
    }

    private static func addresses(of name: String) throws -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else {
            throw PostgresError.unavailable("host \(name) has no address: \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var entry = list
        while let current = entry, found.count < 16 {
            if let text = numericAddress(current.pointee), !found.contains(text) { found.append(text) }
            entry = current.pointee.ai_next
        }
        return found
    }

    private static func numericAddress(_ info: addrinfo) -> String? {
        var buffer = [CChar](repeating: 0, count: 64)
        let status = getnameinfo(
            info.ai_addr, info.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
        guard status == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
