import FoundationEssentials
import HTTPClient
import Platform

/// A bucket of a storage that speaks the S3 API.
///
/// Bodies are sent whole, without checksums at the end and without `aws-chunked` encoding, which not every provider takes.
/// Operations that may be repeated are, a few times, when the storage is briefly away. All throw ``ObjectStorageError``,
/// or `CancellationError` when the task was cancelled.
public struct ObjectStorage: Sendable {
    public struct Timeouts: Sendable {
        /// One attempt of an operation that moves no content.
        public var request: Duration = .seconds(15)
        /// One attempt to move an object or a part of one, from the first byte to the last.
        public var transfer: Duration = .seconds(3600)
        /// The longest silence of the other side in a transfer.
        public var idle: Duration = .seconds(60)

        public init() {}
    }

    public let configuration: ObjectStorageConfiguration
    let client: HTTPClient
    let retry: RetryPolicy
    let timeouts: Timeouts
    let now: @Sendable () -> Date
    private let log: Logger?

    /// - Parameter now: the clock of signatures; the storage refuses what is more than 15 minutes off.
    public init(
        configuration: ObjectStorageConfiguration, client: HTTPClient, retry: RetryPolicy = RetryPolicy(),
        timeouts: Timeouts = Timeouts(), log: Logger? = nil, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.client = client
        self.retry = retry
        self.timeouts = timeouts
        self.log = log
        self.now = now
    }

    /// The same bucket with another policy.
    public func with(retry: RetryPolicy, timeouts: Timeouts? = nil) -> ObjectStorage {
        ObjectStorage(
            configuration: configuration, client: client, retry: retry, timeouts: timeouts ?? self.timeouts, log: log,
            now: now)
    }

    /// Runs an operation, again where that helps. The closure reads the answer and counts as part of the attempt.
    func perform<Value: Sendable>(
        _ operation: Operation, _ read: (HTTPClientResponse) async throws -> Value
    ) async throws -> Value {
        let payloadHash = await operation.payloadHash()
        var attempt = 1
        while true {
            let failure: ObjectStorageError
            do {
                return try await read(try await send(operation, payloadHash))
            } catch HTTPClientError.cancelled {
                throw CancellationError()
            } catch let error as HTTPClientError {
                failure = .unavailable(operation: operation.name, cause: error)
            } catch let error as ObjectStorageError {
                failure = error
            }
            let pause = retry.pause(
                after: failure, attempt: attempt, isIdempotent: operation.isIdempotent, fraction: .random(in: 0...1))
            guard let pause else { throw failure }
            log?.notice(
                "object storage operation is tried again",
                ["operation": operation.name, "attempt": "\(attempt)", "reason": failure.code])
            try await sleep(pause)
            attempt += 1
        }
    }

    /// Runs an operation whose answer's body says nothing.
    @discardableResult
    func perform(_ operation: Operation) async throws -> HTTPClientHeaders {
        try await perform(operation) { response in
            _ = try await response.body.collect(upTo: 1 << 20)
            return response.headers
        }
    }

    /// Runs an operation that answers with an XML document, and gives its root.
    func document<Value: Sendable>(
        _ operation: Operation, root name: String, _ read: (XMLElement) throws -> Value
    ) async throws -> Value {
        try await perform(operation) { response in
            let bytes = try await response.body.collect(upTo: 16 << 20)
            guard let root = XMLElement.parse(bytes) else {
                throw ObjectStorageError.invalidAnswer(operation: operation.name, reason: "it is not well-formed XML")
            }
            // CompleteMultipartUpload may find out only after it has answered 200.
            if root.name == "Error" {
                throw ObjectStorageError.refused(operation.refusal(status: 500, root, response.headers))
            }
            guard root.name == name else {
                throw ObjectStorageError.invalidAnswer(operation: operation.name, reason: "its root is not \(name)")
            }
            return try read(root)
        }
    }

    private func send(_ operation: Operation, _ payloadHash: String) async throws -> HTTPClientResponse {
        let request = operation.signed(configuration, payloadHash: payloadHash, at: now(), idle: timeouts.idle)
        let timeout = operation.movesContent ? timeouts.transfer : timeouts.request
        let response = try await client.execute(request, timeout: timeout)
        if (200..<300).contains(response.status) { return response }
        let bytes = (try? await response.body.collect(upTo: 64 << 10)) ?? []
        let root = XMLElement.parse(bytes)
        throw ObjectStorageError.refused(operation.refusal(status: response.status, root, response.headers))
    }

    private func sleep(_ duration: Duration) async throws {
        if let loop = EventLoop.current {
            try await loop.sleep(for: duration)
        } else {
            try await Task.sleep(for: duration)
        }
    }
}
