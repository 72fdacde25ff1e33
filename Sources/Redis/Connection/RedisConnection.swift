import CLinux
import Platform

/// One connection: connects, secures, greets, then carries commands in order until it breaks. Never reconnects.
///
/// Confined to its loop.
final class RedisConnection {
    struct Handlers {
        /// The server accepted us; with its version.
        var ready: (String) -> Void
        /// The end, once, whether or not it was ready before.
        var closed: (RedisError) -> Void
        /// When set, every reply after the greeting that no command waits for comes here.
        var pushed: ((RedisValue) -> Void)?
    }

    private enum Phase { case connecting, securing, greeting, ready, closed }

    let loop: EventLoop
    private let configuration: RedisConfiguration
    private let tlsContext: TLSContext?
    private let greeting: Greeting
    private let counters: RedisCounters?
    private let commandTimeout: Int64
    private var handlers: Handlers?
    private var phase = Phase.connecting
    private var addresses: ArraySlice<SocketAddress> = []
    private var transport: Transport?
    private let reader = ReplyReader()
    private var output = OutputBuffer()
    private var pending = Queue<PendingReply>()
    private var pendingCommands = 0
    private var interest: Readiness = []
    private var connectTimer: LoopTimer?
    private var replyTimer: LoopTimer?
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    init(
        loop: EventLoop, configuration: RedisConfiguration, tlsContext: TLSContext?, counters: RedisCounters? = nil,
        handlers: Handlers
    ) {
        self.loop = loop
        self.configuration = configuration
        self.tlsContext = tlsContext
        self.handlers = handlers
        greeting = Greeting(configuration)
        self.counters = counters
        commandTimeout = configuration.commandTimeout.nanoseconds
    }

    deinit { scratch.deallocate() }

    var isReady: Bool { phase == .ready }
    /// Whether something waits to be sent and the socket isn't known to be full.
    var hasUnsentOutput: Bool { !output.isEmpty && !interest.contains(.write) }
    var hasPendingReplies: Bool { !pending.isEmpty }

    // MARK: Connecting

    /// Tries the addresses one after the other.
    func connect(to addresses: [SocketAddress]) {
        loop.preconditionInLoop()
        self.addresses = addresses[...]
        tryNextAddress(after: .unavailable("no address to connect to"), share: addresses.count)
    }

    private func tryNextAddress(after error: RedisError, share: Int) {
        releaseTransport()
        guard let address = addresses.popFirst() else { return close(error) }
        phase = .connecting
        let limit = configuration.connectTimeout / max(share, 1)
        connectTimer = loop.schedule(after: limit) { [unowned self] in
            let state = phase == .connecting ? "connecting" : "the server's greeting"
            advance(after: .unavailable("\(state) took longer than \(limit)"), share: share)
        }
        do {
            let transport = try Transport(connectingTo: address)
            self.transport = transport
            interest = [.write]
            try loop.watch(transport.descriptor, for: interest) { [unowned self] in handle($0, share: share) }
        } catch {
            advance(after: .unavailable("\(error)"), share: share)
        }
    }

    /// Goes on with the next address, except when the server itself said no.
    private func advance(after error: RedisError, share: Int) {
        guard phase == .connecting else { return close(error) }
        tryNextAddress(after: error, share: share)
    }

    private func handle(_ readiness: Readiness, share: Int) {
        switch phase {
        case .connecting:
            if let error = transport?.connectionError() {
                return advance(after: .unavailable("\(error)"), share: share)
            }
            secureOrGreet()
        case .securing:
            continueHandshake()
        case .greeting, .ready:
            if transport?.tls != nil || readiness.contains(.write) { flush() }
            if phase != .closed, !readiness.subtracting(.write).isEmpty || transport?.tls != nil { receive() }
        case .closed:
            break
        }
    }

    private func secureOrGreet() {
        guard let tlsContext, case .tcp(let host, _) = configuration.endpoint else { return greet() }
        do {
            try transport?.secure(with: tlsContext, host: host)
        } catch {
            return close(error)
        }
        phase = .securing
        continueHandshake()
    }

    private func continueHandshake() {
        guard let tls = transport?.tls else { return }
        switch tls.continueHandshake() {
        case .done: greet()
        case .wantsRead: watch(for: [.read])
        case .wantsWrite: watch(for: [.write])
        case .failed(let reason): close(.tls(reason))
        }
    }

    private func greet() {
        phase = .greeting
        let reply = PendingReply(
            expected: greeting.commands.count,
            receiver: .function { [unowned self] result in
                guard case .success(let replies) = result else { return }
                do throws(RedisError) {
                    becomeReady(version: try greeting.judge(replies))
                } catch {
                    close(error)
                }
            })
        append(greeting.commands, reply)
        flush()
    }

    private func becomeReady(version: String) {
        connectTimer?.cancel()
        connectTimer = nil
        addresses = []
        phase = .ready
        handlers?.ready(version)
    }

    // MARK: Commands

    /// The reason why more commands can't be taken now.
    func refusal(of count: Int) -> RedisError? {
        if pendingCommands + count > configuration.maximumPendingCommands {
            return .unavailable("\(pendingCommands) commands already wait for replies")
        }
        if output.count >= configuration.maximumOutputBytes {
            return .unavailable("\(output.count) bytes already wait to be sent")
        }
        return nil
    }

    /// Queues a command; ``flush()`` sends it.
    func append(_ command: [RedisArgument], _ reply: PendingReply) {
        output.append(command)
        expect(reply)
    }

    /// Queues commands whose replies go to one receiver; ``flush()`` sends them.
    func append(_ commands: [[RedisArgument]], _ reply: PendingReply) {
        output.append(contentsOf: commands)
        expect(reply)
    }

    /// Queues a command whose answers are pushed.
    func appendWithoutReply(_ command: [RedisArgument]) { output.append(command) }

    private func expect(_ reply: PendingReply) {
        reply.deadline = MonotonicTime.now.advanced(by: configuration.commandTimeout)
        pending.append(reply)
        pendingCommands += reply.expected
        if replyTimer == nil { startReplyTimer(for: reply, now: nil) }
    }

    /// One timer for all: replies come in order, so the first deadline is the next.
    private func startReplyTimer(for reply: PendingReply, now: MonotonicTime?) {
        let delay = now.map { reply.deadline.duration(since: $0) } ?? configuration.commandTimeout
        replyTimer = loop.schedule(after: delay) { [unowned self] in
            replyTimer = nil
            guard let first = pending.first else { return }
            let now = MonotonicTime.now
            guard first.deadline <= now else { return startReplyTimer(for: first, now: now) }
            close(.timeout("no reply within \(configuration.commandTimeout); the connection was given up"))
        }
    }

    // MARK: Bytes

    /// Sends what is queued, as far as the socket takes it.
    func flush() {
        guard phase == .greeting || phase == .ready, let transport else { return }
        var wanted: Readiness = [.read]
        sending: while !output.isEmpty {
            switch transport.write(output.readable) {
            case .bytes(let count): output.consume(count)
            case .wantsWrite:
                wanted.insert(.write)
                break sending
            case .wantsRead: break sending
            case .closed: return close(.unavailable("the server closed the connection"))
            case .failed(let reason): return close(.unavailable(reason))
            }
        }
        watch(for: wanted)
    }

    private func receive() {
        // A TLS connection must be read dry: what OpenSSL holds wakes nobody.
        var rounds = transport?.tls == nil ? 8 : Int.max
        while rounds > 0, let transport {
            rounds -= 1
            switch transport.read(into: scratch) {
            case .bytes(let count):
                guard take(UnsafeRawBufferPointer(rebasing: scratch[..<count])) else { return }
                if count < scratch.count, transport.tls == nil { return }
            case .wantsRead: return
            case .wantsWrite: return watch(for: [.read, .write])
            case .closed: return close(.unavailable("the server closed the connection"))
            case .failed(let reason): return close(.unavailable(reason))
            }
        }
    }

    /// False when the connection is over.
    private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do throws(RedisError) {
            try reader.feed(bytes)
            // One look at the clock for all that came together.
            let now = MonotonicTime.now
            while let value = try reader.next() {
                try deliver(value, at: now)
                if phase == .closed { return false }
            }
            return true
        } catch {
            close(error)
            return false
        }
    }

    private func deliver(_ value: RedisValue, at now: MonotonicTime) throws(RedisError) {
        if phase == .ready, let pushed = handlers?.pushed {
            pushed(value)
            return
        }
        guard let reply = pending.first else { throw .unavailable("the server sent a reply that nobody asked for") }
        // The receiver may look at this connection: first make it right.
        if reply.remaining == 1 { pending.popFirst() }
        pendingCommands -= 1
        if phase == .ready, let counters {
            var isError = false
            if case .error = value { isError = true }
            counters.noteReply(isError: isError, after: now.nanoseconds(since: reply.deadline) + commandTimeout)
        }
        reply.receive(value)
    }

    private func watch(for interest: Readiness) {
        guard interest != self.interest, let transport else { return }
        do throws(SystemError) {
            try loop.rewatch(transport.descriptor, for: interest)
            self.interest = interest
        } catch {
            close(.unavailable(error.description))
        }
    }

    // MARK: End

    func close(_ error: RedisError) {
        loop.preconditionInLoop()
        guard phase != .closed else { return }
        phase = .closed
        releaseTransport()
        replyTimer?.cancel()
        replyTimer = nil
        counters?.noteFailures(pending.isEmpty ? 0 : pendingCommands)
        while let reply = pending.popFirst() { reply.fail(error) }
        let handlers = handlers
        self.handlers = nil
        handlers?.closed(error)
    }

    private func releaseTransport() {
        connectTimer?.cancel()
        connectTimer = nil
        guard let transport else { return }
        loop.unwatch(transport.descriptor)
        transport.tls?.shutDown()
        self.transport = nil
    }
}
