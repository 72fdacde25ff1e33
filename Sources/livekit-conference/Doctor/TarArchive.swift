import CLinux
import Glibc
import Platform

/// A tar archive in the format ustar (POSIX.1-2017, pax, "ustar Interchange Format"), of texts that fit in memory.
struct TarArchive: Sendable {
    private(set) var bytes: [UInt8] = []
    private let time: Int

    /// - Parameter time: of all files in it, in seconds since 1970.
    init(time: Int) { self.time = time }

    /// - Parameter name: of at most 100 bytes.
    mutating func add(_ name: String, _ text: String) {
        let content = Array(text.utf8)
        bytes += header(name, size: content.count) + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The archive with its end: two empty blocks.
    var closed: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    private func header(_ name: String, size: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            for (index, byte) in text.utf8.enumerated() { block[place + index] = byte }
        }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(String(decoding: name.utf8.prefix(100), as: UTF8.self), at: 0)
        put(octal(0o600, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        put(octal(size, 11), at: 124)
        put(octal(time, 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\0 ", at: 148)
        return block
    }
}
