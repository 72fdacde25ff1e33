import CLinux
import Glibc

/// One thread with one epoll instance: everything that belongs to it runs there and shares nothing with other loops.
///
/// The loop is a Swift `TaskExecutor`. A task that prefers it runs on its thread, between waits for readiness (epoll(7)),
/// so that a handler, the database connection it uses and the client's socket all stay on one thread.
/// Objects confined to a loop check it with ``preconditionInLoop()``.
///
/// `@unchecked Sendable`: mutable state is either inside `inbox` (a `Lock`), or touched by the loop's own thread only.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// Called when a watched descriptor is ready.
    public typealias ReadinessHandler = (Readiness) -> Void

    /// The loop's name, for logs and for the thread (shown by ps(1) and top(1), cut to 15 bytes).
    public let name: String

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var closures: [@Sendable () -> Void] = []
        var wakeRequested = false
    }

    private let epoll: Int32
    private let wakeDescriptor: Int32
    private let inbox = Lock(Inbox())
    private var thread: pthread_t?

    // Below: the loop's thread only.
    private var jobs: [UnownedJob] = []
    private var watches: [Int32: Watch] = [:]
    private var nextWatchSerial: UInt32 = 1
    private var timers = TimerHeap()
    private var participants: [any EventLoopParticipant] = []
    private var stopping = false
    private var events = [epoll_event](repeating: epoll_event(), count: 256)

    /// - Throws: ``SystemError`` when the kernel gives no epoll instance or eventfd.
    public init(name: String = "loop") throws(SystemError) {
        self.name = name
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError("epoll_create1") }
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeDescriptor >= 0 else {
            let error = SystemError("eventfd")
            close(epoll)
            throw error
        }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue
        event.data.u64 = 0
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, wakeDescriptor, &event) == 0 else {
            let error = SystemError("epoll_ctl")
            close(wakeDescriptor)
            close(epoll)
            throw error
        }
    }

    deinit {
        close(wakeDescriptor)
        close(epoll)
    }

    /// The loop whose thread is running, or nil elsewhere.
    public static var current: EventLoop? {
        guard let pointer = pthread_getspecific(currentLoopKey) else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    public var isInLoop: Bool {
        pthread_getspecific(currentLoopKey) == UnsafeMutableRawPointer(Unmanaged.passUnretained(self).toOpaque())
    }

    /// States a fact of our own code: the caller runs on this loop's thread.
    public func preconditionInLoop(file: StaticString = #fileID, line: UInt = #line) {
        precondition(isInLoop, "must run on event loop \(name)", file: file, line: line)
    }

    // MARK: Thread

    /// Starts the thread. Call once.
    public func start() throws(SystemError) {
        precondition(thread == nil, "event loop \(name) was started twice")
        let box = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, runEventLoopThread, box)
        guard status == 0 else {
            Unmanaged<EventLoop>.fromOpaque(box).release()
            throw SystemError("pthread_create", code: status)
        }
        self.thread = thread
    }

    /// Asks the thread to end after the current turn and waits for it. Never call it on the loop itself.
    ///
    /// Everything that lives on the loop must have been closed before; jobs that arrive later are never run.
    public func stop() {
        precondition(!isInLoop, "event loop \(name) can't wait for itself")
        guard let thread else { return }
        execute { [unowned self] in stopping = true }
        pthread_join(thread, nil)
        self.thread = nil
    }

    fileprivate func run() {
        pthread_setspecific(currentLoopKey, Unmanaged.passUnretained(self).toOpaque())
        lkc_name_thread(name)
        blockSignals()
        while !stopping { turn() }
    }

    private func blockSignals() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
    }

    private func turn() {
        runJobs()
        waitForEvents(timeout: waitTimeout())
        let now = MonotonicTime.now
        while let timer = timers.popDue(now: now) { timer.fire() }
        runJobs()
        for participant in participants { participant.endOfTurn() }
    }

    private func waitTimeout() -> Int32 {
        if stopping || !jobs.isEmpty { return 0 }
        if participants.contains(where: \.needsTurn) { return 0 }
        var milliseconds: Int32 = -1
        if let deadline = timers.nextDeadline {
            let nanoseconds = deadline.nanoseconds(since: MonotonicTime.now)
            milliseconds = Int32(clamping: max(0, (nanoseconds + 999_999) / 1_000_000))
        }
        for participant in participants {
            guard let bound = participant.maximumWait else { continue }
            milliseconds = milliseconds < 0 ? bound : min(milliseconds, bound)
        }
        return milliseconds
    }

    private func waitForEvents(timeout: Int32) {
        let count = epoll_wait(epoll, &events, Int32(events.count), timeout)
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let token = events[index].data.u64
            guard token != 0 else {
                receiveInbox()
                continue
            }
            let descriptor = Int32(truncatingIfNeeded: token & 0xffff_ffff)
            // A handler run earlier in this turn may have closed the descriptor, or opened another with its number.
            guard let watch = watches[descriptor], watch.serial == UInt32(token >> 32) else { continue }
            watch.handler(Readiness(rawValue: events[index].events))
        }
    }

    // MARK: Jobs

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isInLoop {
            jobs.append(job)
        } else {
            wake { $0.jobs.append(job) }
        }
    }

    /// Runs a closure on the loop's thread: soon, and in the order of the calls from one thread.
    public func execute(_ body: @escaping @Sendable () -> Void) {
        wake { $0.closures.append(body) }
    }

    private func wake(_ change: (inout sending Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.wakeRequested = true }
            return !inbox.wakeRequested
        }
        if mustWake { eventfd_write(wakeDescriptor, 1) }
    }

    private func receiveInbox() {
        var counter: eventfd_t = 0
        eventfd_read(wakeDescriptor, &counter)
        let (arrived, closures) = inbox.withLock { inbox in
            defer { inbox = Inbox() }
            return (inbox.jobs, inbox.closures)
        }
        jobs.append(contentsOf: arrived)
        for closure in closures { closure() }
    }

    /// Runs what is queued, and what that queues in turn, up to a limit that keeps sockets from starving.
    private func runJobs() {
        for _ in 0..<64 {
            if jobs.isEmpty { return }
            var batch: [UnownedJob] = []
            swap(&batch, &jobs)
            for job in batch { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    // MARK: Descriptors

    /// Watches a descriptor, level-triggered, until ``unwatch(_:)``. One watch a descriptor.
    ///
    /// Errors and hang-ups are reported whatever is asked for (epoll_ctl(2)).
    public func watch(
        _ descriptor: Int32, for interest: Readiness, handler: @escaping ReadinessHandler
    ) throws(SystemError) {
        preconditionInLoop()
        precondition(watches[descriptor] == nil, "descriptor \(descriptor) is watched already")
        let serial = nextWatchSerial
        nextWatchSerial &+= 1
        var event = makeEvent(descriptor, serial: serial, interest)
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else { throw SystemError("epoll_ctl") }
        watches[descriptor] = Watch(serial: serial, handler: handler)
    }

    /// Changes what a watched descriptor is watched for.
    public func rewatch(_ descriptor: Int32, for interest: Readiness) throws(SystemError) {
        preconditionInLoop()
        guard let watch = watches[descriptor] else { preconditionFailure("descriptor \(descriptor) is not watched") }
        var event = makeEvent(descriptor, serial: watch.serial, interest)
        guard epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) == 0 else { throw SystemError("epoll_ctl") }
    }

    /// Ends a watch. Call it before the descriptor is closed; calling it for an unwatched one does nothing.
    public func unwatch(_ descriptor: Int32) {
        preconditionInLoop()
        guard watches.removeValue(forKey: descriptor) != nil else { return }
        var unused = epoll_event()
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &unused)
    }

    private func makeEvent(_ descriptor: Int32, serial: UInt32, _ interest: Readiness) -> epoll_event {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = UInt64(serial) << 32 | UInt64(UInt32(bitPattern: descriptor))
        return event
    }

    // MARK: Timers and participants

    /// Runs a closure on the loop after a delay, unless the timer is cancelled first. Call it on the loop.
    @discardableResult
    public func schedule(after delay: Duration, _ body: @escaping () -> Void) -> LoopTimer {
        preconditionInLoop()
        let timer = LoopTimer(deadline: MonotonicTime.now.advanced(by: delay), body: body)
        timers.insert(timer)
        return timer
    }

    /// Adds something that wants a say in every turn. Call it on the loop.
    public func add(_ participant: any EventLoopParticipant) {
        preconditionInLoop()
        participants.append(participant)
    }

    public func remove(_ participant: any EventLoopParticipant) {
        preconditionInLoop()
        participants.removeAll { $0 === participant }
    }

    private struct Watch {
        let serial: UInt32
        let handler: ReadinessHandler
    }
}

/// Something that runs once in every turn of a loop, such as an embedded library with its own event processing.
public protocol EventLoopParticipant: AnyObject {
    /// The longest time to wait for events in milliseconds, or nil for no limit.
    var maximumWait: Int32? { get }

    /// Whether ``endOfTurn()`` has work that must not wait for an event.
    var needsTurn: Bool { get }

    /// Called at the end of each turn, after events, timers and jobs.
    func endOfTurn()
}

private let currentLoopKey: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key, nil)
    precondition(status == 0, "pthread_key_create failed with \(status)")
    return key
}()

private func runEventLoopThread(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box else { return nil }
    let loop = Unmanaged<EventLoop>.fromOpaque(box).takeRetainedValue()
    loop.run()
    return nil
}
