import COpenSSL

/// One step of the schema: a file `NNNN_verb_object.sql`, applied once and never changed afterwards.
public struct Migration: Hashable, Sendable {
    /// The number in the file's name, from 1.
    public let version: Int
    /// The rest of the file's name, without `.sql`.
    public let name: String
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    public let checksum: String
    /// The newest migration that a program must know at least to serve the schema after this one; nil when it must know
    /// this one. The file's first line says so: `-- compatible-from: 12`.
    let compatibleFrom: Int?
    let sql: String

    /// The file's name, such as `0001_create_accounts.sql`.
    public var fileName: String { Self.fileName(version: version, name: name) }

    static func fileName(version: Int, name: String) -> String {
        let digits = String(version)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + "\(digits)_\(name).sql"
    }

    /// - Throws: ``MigrationError`` when the name isn't of the form, or the file isn't UTF-8.
    init(fileName: String, bytes: [UInt8]) throws {
        guard let (version, name) = Self.parse(fileName) else { throw MigrationError.badName(file: fileName) }
        guard let sql = String(validating: bytes, as: UTF8.self), !sql.utf8.contains(0) else {
            throw MigrationError.notText(file: fileName)
        }
        self.version = version
        self.name = name
        self.sql = sql
        compatibleFrom = try Self.compatibleFrom(sql, version: version, file: fileName)
        checksum = try Self.checksum(of: bytes)
    }

    /// Four digits, then at least two words of lower-case letters and digits.
    static func parse(_ fileName: String) -> (version: Int, name: String)? {
        guard fileName.hasSuffix(".sql") else { return nil }
        let stem = fileName.dropLast(4)
        let words = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard words.count >= 3, words[0].utf8.count == 4, words[0].utf8.allSatisfy(isDigit),
            let version = Int(words[0]), version > 0
        else { return nil }
        let isNamed = words.dropFirst().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { isDigit($0) || isLetter($0) } }
        return isNamed ? (version, words.dropFirst().joined(separator: "_")) : nil
    }

    private static let compatibleMark = "-- compatible-from:"

    private static func compatibleFrom(_ sql: String, version: Int, file: String) throws -> Int? {
        let line = sql.prefix { !$0.isNewline }
        guard line.hasPrefix(compatibleMark) else { return nil }
        let text = line.dropFirst(compatibleMark.count).drop { $0 == " " }
        guard let number = Int(text), (1..<version).contains(number) else {
            throw MigrationError.badMark(file: file, highest: version - 1)
        }
        return number
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    static func checksum(of bytes: [UInt8]) throws -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1 else {
            throw MigrationError.noChecksum
        }
        let digits = Array("0123456789abcdef".utf8)
        let text = digest.prefix(Int(length)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
