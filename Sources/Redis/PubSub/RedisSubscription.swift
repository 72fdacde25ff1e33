/// What happens on subscribed channels, in order.
public enum RedisSubscriptionEvent: Hashable, Sendable {
    /// All channels are subscribed for the first time: nothing published from here on is missed.
    case active
    case message(channel: String, payload: [UInt8])
    /// The connection was lost: messages may be missed until ``gap``.
    case interrupted
    /// Messages may have been missed before this point, and none from here on: after a reconnect, or when the reader
    /// was too slow for the buffer. Read again what the messages would have told.
    case gap
}

/// Messages of channels, for one reader: `for await event in subscription { }`.
///
/// It survives the loss of connections, and ends only when the client stops, on ``cancel()``, when the reading task is
/// cancelled, or when the object is released.
public final class RedisSubscription: AsyncSequence, Sendable {
    public let channels: [String]
    private let feed: SubscriptionFeed
    private let onCancel: @Sendable () -> Void

    init(channels: [String], feed: SubscriptionFeed, onCancel: @escaping @Sendable () -> Void) {
        self.channels = channels
        self.feed = feed
        self.onCancel = onCancel
    }

    deinit { cancel() }

    /// Ends the subscription. Events already received can still be read.
    public func cancel() {
        // Not when the client ended it before: the loop may be gone.
        if feed.finish() { onCancel() }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(subscription: self) }

    public struct Iterator: AsyncIteratorProtocol {
        let subscription: RedisSubscription

        /// The next event, or nil at the end. One reader at a time.
        public func next() async -> RedisSubscriptionEvent? { await subscription.feed.next() }
    }
}
