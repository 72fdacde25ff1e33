import FoundationEssentials

/// Revocations that this process made: it refuses the sessions whatever a cookie's signature says, and remembers which
/// Redis still has to hear of. Bounded.
struct RevocationMemory {
    enum Subject: Hashable, Sendable {
        /// A session, by the digest of its id.
        case session(digest: String, account: UUID)
        /// An account's sessions begun before the moment kept with it.
        case account(UUID)
    }

    private struct Entry {
        var moment: Date
        var forgetAt: Date
        var isDeferred: Bool
    }

    private let limit: Int
    private var entries: [Subject: Entry] = [:]
    private(set) var deferredCount = 0

    init(limit: Int = 10_000) { self.limit = limit }

    var count: Int { entries.count }

    /// Those that Redis has to hear of.
    var deferred: [(subject: Subject, moment: Date)] {
        entries.filter(\.value.isDeferred).map { ($0.key, $0.value.moment) }
    }

    mutating func add(_ subject: Subject, at moment: Date, forgetAt: Date, isDeferred: Bool) {
        if entries.count >= limit, entries[subject] == nil { makeRoom(now: moment) }
        remove(subject)
        entries[subject] = Entry(moment: moment, forgetAt: forgetAt, isDeferred: isDeferred)
        if isDeferred { deferredCount += 1 }
    }

    /// Redis has heard of it.
    mutating func delivered(_ subject: Subject, at moment: Date) {
        guard let entry = entries[subject], entry.isDeferred, entry.moment == moment else { return }
        entries[subject]?.isDeferred = false
        deferredCount -= 1
    }

    func forbids(digest: String, account: UUID, createdAt: Date) -> Bool {
        if entries.isEmpty { return false }
        if entries[.session(digest: digest, account: account)] != nil { return true }
        return entries[.account(account)].map { createdAt < $0.moment } ?? false
    }

    private mutating func remove(_ subject: Subject) {
        if entries.removeValue(forKey: subject)?.isDeferred == true { deferredCount -= 1 }
    }

    private mutating func makeRoom(now: Date) {
        for (subject, entry) in entries where entry.forgetAt <= now && !entry.isDeferred { remove(subject) }
        guard entries.count >= limit else { return }
        // What Redis knows is the lesser loss.
        let order = entries.sorted { left, right in
            if left.value.isDeferred != right.value.isDeferred { return right.value.isDeferred }
            return left.value.forgetAt < right.value.forgetAt
        }
        for (subject, _) in order.prefix(max(1, limit / 10)) { remove(subject) }
    }
}
