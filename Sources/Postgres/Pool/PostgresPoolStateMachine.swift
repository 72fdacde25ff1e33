import Platform

/// The decisions of a connection pool, without any I/O: each event gives actions for the caller to carry out.
///
/// Connections are slots `0..<maximumSize`; a slot is free, connecting, idle, being checked, leased or closing. Waiters are
/// served in the order of their arrival.
struct PostgresPoolStateMachine {
    struct Configuration {
        var maximumSize = 8
        var minimumIdle = 1
        var leaseTimeout = Duration.seconds(5)
        /// The longest wait while there is no connection at all.
        var unavailableWait = Duration.seconds(1)
        var idleTimeout = Duration.seconds(300)
        var keepAliveInterval = Duration.seconds(30)
        var backoffBase = Duration.milliseconds(50)
        var backoffLimit = Duration.milliseconds(800)
    }

    typealias Slot = Int
    typealias WaiterID = UInt64

    enum Action: Equatable {
        case connect(Slot)
        case lease(Slot, to: WaiterID)
        case fail(WaiterID, PostgresError)
        case check(Slot)
        case close(Slot)
        /// Call ``retry(now:)`` then.
        case retry(after: Duration)
    }

    enum LeaseDecision: Equatable {
        case use(Slot)
        case wait([Action])
        case fail(PostgresError)
    }

    private enum Connection {
        case free, connecting, checking, leased
        case idle(since: MonotonicTime, checked: MonotonicTime)
    }

    private struct Waiter {
        let id: WaiterID
        let deadline: MonotonicTime
    }

    let configuration: Configuration
    private var connections: [Connection]
    /// The last one used is the first one reused, so that the others grow old and can be closed.
    private var idle: [Slot] = []
    private var waiters: [Waiter] = []
    private var firstWaiter = 0
    private var live = 0
    private var connecting = 0
    private(set) var leased = 0
    private(set) var peakSize = 0
    /// Why the last attempt to connect failed; nil again with the first success.
    private(set) var downReason: PostgresError?
    private var failures = 0
    private var retryIsScheduled = false
    private var isShutDown = false

    init(_ configuration: Configuration) {
        precondition(configuration.maximumSize > 0, "a pool without connections serves nobody")
        self.configuration = configuration
        connections = Array(repeating: .free, count: configuration.maximumSize)
    }

    // MARK: State

    /// Connections that exist or are being made.
    var size: Int { live + connecting }
    var idleCount: Int { idle.count }
    var waitingCount: Int { waiters.count - firstWaiter }
    var isDrained: Bool { isShutDown && size == 0 }

    // MARK: Leases

    mutating func lease(_ waiter: WaiterID, now: MonotonicTime) -> LeaseDecision {
        guard !isShutDown else { return .fail(.unavailable("the pool is closed")) }
        if waitingCount == 0, let slot = idle.popLast() {
            connections[slot] = .leased
            leased += 1
            return .use(slot)
        }
        if live == 0, let downReason { return .fail(downReason) }
        let limit =
            live == 0 ? min(configuration.leaseTimeout, configuration.unavailableWait) : configuration.leaseTimeout
        waiters.append(Waiter(id: waiter, deadline: now.advanced(by: limit)))
        return .wait(growth(now: now))
    }

    /// The lease ended and the connection is as good as new.
    mutating func release(_ slot: Slot, now: MonotonicTime) -> [Action] {
        guard case .leased = connections[slot] else { preconditionFailure("slot \(slot) is not leased") }
        leased -= 1
        return park(slot, now: now)
    }

    mutating func cancel(_ waiter: WaiterID) {
        guard let index = waiters[firstWaiter...].firstIndex(where: { $0.id == waiter }) else { return }
        waiters.remove(at: index)
    }

    // MARK: Connections

    /// Opens what shall always be there.
    mutating func start(now: MonotonicTime) -> [Action] { growth(now: now) }

    mutating func connected(_ slot: Slot, now: MonotonicTime) -> [Action] {
        guard case .connecting = connections[slot] else { preconditionFailure("slot \(slot) is not connecting") }
        connecting -= 1
        live += 1
        failures = 0
        downReason = nil
        guard !isShutDown else {
            drop(slot)
            return [.close(slot)]
        }
        return park(slot, now: now) + growth(now: now)
    }

    /// - Parameter jitter: from -1 to 1, by chance, so that many programs don't come back in step.
    mutating func connectFailed(
        _ slot: Slot, _ error: PostgresError, now: MonotonicTime, jitter: Double
    ) -> [Action] {
        guard case .connecting = connections[slot] else { preconditionFailure("slot \(slot) is not connecting") }
        connections[slot] = .free
        connecting -= 1
        guard !isShutDown else { return [] }
        downReason = error
        var actions: [Action] = []
        if live == 0 { actions += failAll(error) }
        guard !retryIsScheduled else { return actions }
        retryIsScheduled = true
        failures += 1
        return actions + [.retry(after: backoff(jitter: jitter))]
    }

    /// A connection ended by itself, or its user left it in a state that can't be reused.
    mutating func lost(_ slot: Slot, now: MonotonicTime) -> [Action] {
        switch connections[slot] {
        case .free: return []
        case .connecting: preconditionFailure("slot \(slot) is still connecting")
        case .idle: idle.removeAll { $0 == slot }
        case .leased: leased -= 1
        case .checking: break
        }
        drop(slot)
        return growth(now: now)
    }

    /// The check of an idle connection succeeded.
    mutating func checked(_ slot: Slot, now: MonotonicTime) -> [Action] {
        guard case .checking = connections[slot] else { return [] }
        return park(slot, now: now)
    }

    /// The pause after a failed attempt is over.
    mutating func retry(now: MonotonicTime) -> [Action] {
        retryIsScheduled = false
        return growth(now: now)
    }

    // MARK: Time

    /// Fails those who waited too long, closes what nobody needs, checks what was silent for long. Call it regularly.
    mutating func tick(now: MonotonicTime) -> [Action] {
        var actions = expire(now: now)
        guard !isShutDown else { return actions }
        for slot in idle {
            guard case .idle(let since, let checked) = connections[slot] else { continue }
            if live > configuration.minimumIdle, since.advanced(by: configuration.idleTimeout) <= now {
                idle.removeAll { $0 == slot }
                drop(slot)
                actions.append(.close(slot))
            } else if checked.advanced(by: configuration.keepAliveInterval) <= now {
                idle.removeAll { $0 == slot }
                connections[slot] = .checking
                actions.append(.check(slot))
            }
        }
        return actions
    }

    // MARK: End

    /// Closes what is idle and refuses everyone; what is leased closes when it is released.
    mutating func shutDown() -> [Action] {
        guard !isShutDown else { return [] }
        isShutDown = true
        var actions = failAll(.unavailable("the pool is closed"))
        for slot in idle {
            drop(slot)
            actions.append(.close(slot))
        }
        idle = []
        return actions
    }

    // MARK: Inside

    private mutating func park(_ slot: Slot, now: MonotonicTime) -> [Action] {
        guard !isShutDown else {
            drop(slot)
            return [.close(slot)]
        }
        if let waiter = nextWaiter() {
            connections[slot] = .leased
            leased += 1
            return [.lease(slot, to: waiter.id)]
        }
        connections[slot] = .idle(since: now, checked: now)
        idle.append(slot)
        return []
    }

    private mutating func drop(_ slot: Slot) {
        connections[slot] = .free
        live -= 1
    }

    /// Connections for all who wait, and for the minimum; only one at a time while the server seems to be away.
    private mutating func growth(now: MonotonicTime) -> [Action] {
        guard !isShutDown, !retryIsScheduled else { return [] }
        let needed = max(waitingCount - connecting, configuration.minimumIdle - size)
        var missing = min(needed, configuration.maximumSize - size)
        if downReason != nil { missing = min(missing, 1 - connecting) }
        guard missing > 0 else { return [] }
        var actions: [Action] = []
        for slot in connections.indices where actions.count < missing {
            guard case .free = connections[slot] else { continue }
            connections[slot] = .connecting
            connecting += 1
            actions.append(.connect(slot))
        }
        peakSize = max(peakSize, size)
        return actions
    }

    private func backoff(jitter: Double) -> Duration {
        let doubled = configuration.backoffBase * (1 << min(failures - 1, 16))
        return min(doubled, configuration.backoffLimit) * (1 + 0.25 * min(1, max(-1, jitter)))
    }

    private mutating func nextWaiter() -> Waiter? {
        guard firstWaiter < waiters.count else { return nil }
        let waiter = waiters[firstWaiter]
        firstWaiter += 1
        if firstWaiter == waiters.count {
            waiters.removeAll(keepingCapacity: waiters.count <= 1024)
            firstWaiter = 0
        } else if firstWaiter >= 64, firstWaiter * 2 > waiters.count {
            waiters.removeFirst(firstWaiter)
            firstWaiter = 0
        }
        return waiter
    }

    private mutating func expire(now: MonotonicTime) -> [Action] {
        guard waiters[firstWaiter...].contains(where: { $0.deadline <= now }) else { return [] }
        let reason = PostgresError.unavailable(
            live == 0 ? "no connection could be made in time" : "all \(live) connections are in use")
        let waiting = waiters[firstWaiter...]
        let late = waiting.filter { $0.deadline <= now }
        waiters = waiting.filter { $0.deadline > now }
        firstWaiter = 0
        return late.map { .fail($0.id, reason) }
    }

    private mutating func failAll(_ error: PostgresError) -> [Action] {
        defer {
            waiters = []
            firstWaiter = 0
        }
        return waiters[firstWaiter...].map { .fail($0.id, error) }
    }
}
