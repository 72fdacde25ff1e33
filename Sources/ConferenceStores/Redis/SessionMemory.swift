import Conference
import FoundationEssentials

/// Sessions that Redis confirmed a moment ago, by their cookies, so that a client's next request needs not ask again.
///
/// It works only while this process hears of revocations as they are published; on each it forgets everything. So a
/// revocation made elsewhere takes effect here as fast as Redis delivers it, and after ``lifetime`` at the latest.
struct SessionMemory {
    /// How long what Redis said is believed, in seconds.
    static let lifetime = 1.0

    private struct Entry {
        let session: FoundSession
        let readAt: Date
    }

    private let limit: Int
    private var entries: [String: Entry] = [:]
    private var isListening = false
    /// Changes whenever what was read before may be wrong.
    private(set) var epoch = 0

    init(limit: Int = 10_000) { self.limit = limit }

    var count: Int { entries.count }

    func find(_ cookie: String, now: Date) -> FoundSession? {
        guard let entry = entries[cookie] else { return nil }
        // A clock that was set back proves nothing.
        return (0..<Self.lifetime).contains(now.timeIntervalSince(entry.readAt)) ? entry.session : nil
    }

    /// - Parameter epoch: as it was before Redis was asked: a revocation since then may have missed the answer.
    mutating func remember(_ session: FoundSession, of cookie: String, readAt: Date, epoch: Int) {
        guard isListening, epoch == self.epoch else { return }
        // Whoever is still active comes back with the next request.
        if entries.count >= limit { entries.removeAll(keepingCapacity: true) }
        entries[cookie] = Entry(session: session, readAt: readAt)
    }

    mutating func forgetAll() {
        epoch += 1
        entries.removeAll(keepingCapacity: true)
    }

    /// Whether revocations are heard from now on.
    mutating func listen(_ isListening: Bool) {
        self.isListening = isListening
        forgetAll()
    }
}
