import Glibc
import Platform

/// Sockets that wait for clients, and who holds them (proc(5): /proc/net/tcp, /proc/PID/fd).
struct OpenSocket: Hashable, Sendable {
    let transport: String
    let port: Int
    /// Whether only this machine reaches it.
    let isLoopback: Bool
    let inode: String

    /// A process that holds a socket.
    struct Holder: Hashable, Sendable {
        let process: Int
        /// The program's file without its folder.
        let program: String
        /// What the process calls itself: of a script its own name, cut to 15 bytes.
        var command = ""

        func isNamed(_ name: String) -> Bool { program == name || command == name.prefix(15) }
    }

    /// All of this machine's network, both address families.
    static func all(_ host: DoctorHost) throws(DoctorFinding) -> [OpenSocket] {
        var sockets: [OpenSocket] = []
        for (file, transport, state) in [
            ("tcp", "tcp", "0A"), ("tcp6", "tcp", "0A"), ("udp", "udp", "07"), ("udp6", "udp", "07"),
        ] {
            // A kernel without IPv6 has no such file.
            guard let text = try host.text("/proc/net/\(file)") else { continue }
            sockets += parse(text, transport: transport, state: state)
        }
        return sockets
    }

    /// - Parameter state: of those that listen: 0A for TCP; 07 for UDP, which has only that of having no peer.
    static func parse(_ text: String, transport: String, state: String) -> [OpenSocket] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 9, words[3] == state, let colon = words[1].lastIndex(of: ":"),
                let port = Int(words[1][words[1].index(after: colon)...], radix: 16)
            else { return nil }
            return OpenSocket(
                transport: transport, port: port, isLoopback: isLoopback(words[1][..<colon]), inode: String(words[9]))
        }
    }

    /// - Parameter address: words of 32 bits in the byte order of the machine.
    private static func isLoopback(_ address: Substring) -> Bool {
        let mapped = "0000000000000000FFFF0000"
        if address.count == 8 { return address.hasSuffix("7F") }
        if address.hasPrefix(mapped) { return address.hasSuffix("7F") }
        return address == "00000000000000000000000001000000"
    }

    /// Who holds these sockets, by their inode. Without root's rights others' processes don't show.
    static func holders(of sockets: [OpenSocket], _ host: DoctorHost) -> [String: [Holder]] {
        let wanted = Set(sockets.map { "socket:[\($0.inode)]" })
        var result: [String: [Holder]] = [:]
        for process in entries(of: host.root + "/proc").compactMap({ Int($0) }).sorted() {
            let folder = "\(host.root)/proc/\(process)"
            for descriptor in entries(of: folder + "/fd") {
                guard let target = link(folder + "/fd/" + descriptor), wanted.contains(target) else { continue }
                let file = link(folder + "/exe").map { $0.replacing(" (deleted)", with: "") } ?? ""
                let command = ((try? host.text("/proc/\(process)/comm")) ?? nil)?.split(separator: "\n").first ?? ""
                let holder = Holder(
                    process: process, program: String(file.split(separator: "/").last ?? "?"), command: String(command))
                let inode = String(target.dropFirst("socket:[".count).dropLast())
                if result[inode]?.contains(holder) != true { result[inode, default: []].append(holder) }
            }
        }
        return result
    }

    static func entries(of folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }

    static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
