import Platform

/// The subscriptions of one loop, on one connection that exists while there is any.
///
/// Confined to its loop.
final class SubscriptionHub {
    private final class Entry {
        let channels: Set<String>
        let feed: SubscriptionFeed
        var unconfirmed: Set<String>
        var wasActive = false

        init(channels: [String], feed: SubscriptionFeed) {
            self.channels = Set(channels)
            self.feed = feed
            unconfirmed = self.channels
        }

        func confirm(_ channel: String) {
            guard unconfirmed.remove(channel) != nil, unconfirmed.isEmpty else { return }
            feed.push(wasActive ? .gap : .active)
            wasActive = true
        }

        func interrupt() {
            if unconfirmed.isEmpty { feed.push(.interrupted) }
            unconfirmed = channels
        }
    }

    private let loop: EventLoop
    private let configuration: RedisConfiguration
    private let log: Logger
    private var keeper: ConnectionKeeper?
    private var entries: [ObjectIdentifier: Entry] = [:]
    private var readers: [String: [ObjectIdentifier]] = [:]
    /// Channels that the server confirmed on the present connection.
    private var inForce: Set<String> = []
    private var probeTimer: LoopTimer?
    private var awaitsAnswer = false
    private var isStopped = false

    init(loop: EventLoop, configuration: RedisConfiguration, log: Logger) {
        self.loop = loop
        self.configuration = configuration
        self.log = log
    }

    /// Call once, before the first connection.
    func prepare(tlsContext: TLSContext?) {
        keeper = ConnectionKeeper(
            loop: loop, configuration: configuration, tlsContext: tlsContext,
            handlers: .init(
                connected: { [unowned self] connection, _ in subscribeAll(on: connection) },
                failed: { [unowned self] error in interrupt(error) },
                pushed: { [unowned self] value in receive(value) }))
        if !entries.isEmpty { keeper?.start() }
    }

    func stop() {
        isStopped = true
        keeper?.stop()
        keeper = nil
        probeTimer?.cancel()
        for entry in entries.values { entry.feed.finish() }
        entries = [:]
        readers = [:]
        inForce = []
    }

    // MARK: Subscriptions

    func add(_ feed: SubscriptionFeed, channels: [String]) {
        guard !isStopped else {
            feed.finish()
            return
        }
        let entry = Entry(channels: channels, feed: feed)
        let id = ObjectIdentifier(feed)
        entries[id] = entry
        var new: [String] = []
        for channel in entry.channels {
            if readers[channel] == nil { new.append(channel) }
            readers[channel, default: []].append(id)
            if inForce.contains(channel) { entry.confirm(channel) }
        }
        keeper?.start()
        send("SUBSCRIBE", new)
    }

    func remove(_ feed: SubscriptionFeed) {
        let id = ObjectIdentifier(feed)
        guard let entry = entries.removeValue(forKey: id) else { return }
        var old: [String] = []
        for channel in entry.channels {
            readers[channel]?.removeAll { $0 == id }
            guard readers[channel]?.isEmpty == true else { continue }
            readers[channel] = nil
            inForce.remove(channel)
            old.append(channel)
        }
        guard entries.isEmpty else { return send("UNSUBSCRIBE", old) }
        probeTimer?.cancel()
        keeper?.stop()
        inForce = []
    }

    private func send(_ command: String, _ channels: [String]) {
        guard !channels.isEmpty, let connection = keeper?.ready else { return }
        connection.appendWithoutReply([.text(command)] + channels.sorted().map { .text($0) })
        connection.flush()
    }

    // MARK: Connection

    private func subscribeAll(on connection: RedisConnection) {
        send("SUBSCRIBE", Array(readers.keys))
        awaitsAnswer = false
        probe()
    }

    private func interrupt(_ error: RedisError) {
        probeTimer?.cancel()
        inForce = []
        log.debug("subscriptions are interrupted", ["reason": error.description])
        for entry in entries.values { entry.interrupt() }
    }

    /// A silent connection looks the same whether nothing is published or the server hangs: ask.
    private func probe() {
        probeTimer?.cancel()
        probeTimer = loop.schedule(after: configuration.commandTimeout) { [unowned self] in
            guard let connection = keeper?.ready else { return }
            if awaitsAnswer {
                return connection.close(.timeout("no answer on the subscriptions' connection; it was given up"))
            }
            awaitsAnswer = true
            connection.appendWithoutReply(["PING"])
            connection.flush()
            probe()
        }
    }

    private func receive(_ value: RedisValue) {
        awaitsAnswer = false
        if case .error(let error) = value {
            log.error("Redis refused a subscription", ["reason": error.message])
            keeper?.ready?.close(.server(error))
            return
        }
        guard let parts = value.array, parts.count == 3, let kind = parts[0].string, let channel = parts[1].string
        else { return }
        switch kind {
        case "message": deliver(parts[2], of: channel)
        case "subscribe": confirm(channel)
        default: break
        }
    }

    private func deliver(_ payload: RedisValue, of channel: String) {
        guard let ids = readers[channel], let bytes = payload.bytes else { return }
        for id in ids { entries[id]?.feed.push(.message(channel: channel, payload: bytes)) }
    }

    private func confirm(_ channel: String) {
        guard let ids = readers[channel] else { return }
        inForce.insert(channel)
        for id in ids { entries[id]?.confirm(channel) }
    }
}
