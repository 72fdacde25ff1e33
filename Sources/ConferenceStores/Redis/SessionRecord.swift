import Conference
import FoundationEssentials

/// A session's lasting facts, as Redis and cookies keep them.
struct SessionRecord: Hashable, Sendable {
    let accountID: UUID
    let role: AccountRole
    let email: String
    let displayName: String
    let createdAt: Date

    func session(expiresAt: Date) -> Session {
        Session(
            accountID: accountID, role: role, email: email, displayName: displayName, createdAt: createdAt,
            expiresAt: expiresAt)
    }

    /// Account (16 bytes), role (1), creation (8), then e-mail and name, each after its length (2).
    var encoded: [UInt8] {
        var bytes = withUnsafeBytes(of: accountID.uuid) { Array($0) }
        bytes.append(role.code)
        bytes.append(bigEndian: createdAt.microseconds)
        for text in [email, displayName] {
            // Accounts hold far shorter texts.
            let utf8 = Array(text.utf8.prefix(Int(UInt16.max)))
            bytes.append(bigEndian: UInt16(utf8.count))
            bytes += utf8
        }
        return bytes
    }

    /// Nil for bytes that ``encoded`` can't have made.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        guard let account = rest.take(16), let role = rest.popFirst().flatMap(AccountRole.init(code:)),
            let created: Int64 = rest.takeBigEndian(), let email = rest.takeText(), let name = rest.takeText(),
            rest.isEmpty
        else { return nil }
        accountID = UUID(bytes: account)
        self.role = role
        self.email = email
        displayName = name
        createdAt = Date(microseconds: created)
    }

    init(_ account: SessionAccount, createdAt: Date) {
        accountID = account.id
        role = account.role
        email = account.email
        displayName = account.displayName
        self.createdAt = createdAt
    }
}

extension AccountRole {
    fileprivate var code: UInt8 {
        switch self {
        case .admin: 1
        case .member: 2
        }
    }

    fileprivate init?(code: UInt8) {
        guard let role = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = role
    }
}

extension Date {
    /// Since 1970.
    var microseconds: Int64 { Int64((timeIntervalSince1970 * 1_000_000).rounded()) }

    init(microseconds: Int64) { self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}

extension UUID {
    init(bytes: ArraySlice<UInt8>) {
        precondition(bytes.count == 16)
        // Not UUID(): that one reads random bytes from a device file.
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: bytes) }
        self.init(uuid: value)
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension ArraySlice<UInt8> {
    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard self.count >= count else { return nil }
        defer { removeFirst(count) }
        return prefix(count)
    }

    mutating func takeBigEndian<Integer: FixedWidthInteger>() -> Integer? {
        take(MemoryLayout<Integer>.size)?.reduce(0) { $0 << 8 | Integer($1) }
    }

    mutating func takeText() -> String? {
        guard let count: UInt16 = takeBigEndian(), let bytes = take(Int(count)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
