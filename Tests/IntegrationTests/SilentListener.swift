import Glibc
import Platform

/// A socket that takes connections and says nothing.
struct SilentListener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        let port = try freePort()
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0, listen(descriptor, 16) == 0 else { throw SystemError("listen") }
        self.port = port
        self.descriptor = descriptor
    }

    func close() { Glibc.close(descriptor) }
}
