import Glibc
import Platform

/// The account that the API runs as.
struct ServiceAccount: Sendable {
    static let name = "livekit-conference"

    let user: uid_t
    let group: gid_t

    /// - Returns: nil when the machine has no such account.
    init?(_ name: String = ServiceAccount.name) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        user = entry.pw_uid
        group = entry.pw_gid
    }

    /// Makes the whole process that account's, for good: root gives up its saved id, too (setuid(2)).
    ///
    /// - Throws: ``SystemError``; the process may then be half of each, and must end.
    func become() throws(SystemError) {
        guard setgroups(0, nil) == 0 else { throw SystemError("setgroups") }
        guard setgid(group) == 0 else { throw SystemError("setgid") }
        guard setuid(user) == 0 else { throw SystemError("setuid") }
    }
}
