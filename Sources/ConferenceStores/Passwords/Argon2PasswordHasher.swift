import CArgon2
import Conference

/// What a hash costs. The defaults are the second of the equal choices of OWASP's Password Storage Cheat Sheet.
public struct Argon2Parameters: Hashable, Sendable {
    public var memoryKibibytes: UInt32
    public var passes: UInt32
    public var lanes: UInt32

    public init(memoryKibibytes: UInt32 = 19_456, passes: UInt32 = 2, lanes: UInt32 = 1) {
        self.memoryKibibytes = memoryKibibytes
        self.passes = passes
        self.lanes = lanes
    }
}

/// Argon2id (RFC 9106) by libargon2, in PHC string format.
///
/// One hash takes 19 MiB and some 20 ms of a core. It runs on the global executor, never on a loop, and only a few at a
/// time: so memory stays bounded however many sign in at once. Whoever finds the queue full gets `ConferenceError.busy`.
public struct Argon2PasswordHasher: PasswordHashing {
    private static let saltLength = 16
    private static let hashLength = 32

    private let parameters: Argon2Parameters
    private let random: any RandomSource
    private let gate: WorkGate

    public init(
        parameters: Argon2Parameters = Argon2Parameters(), random: any RandomSource = SystemRandomSource(),
        maximumConcurrent: Int = 1, maximumQueued: Int = 128
    ) {
        self.parameters = parameters
        self.random = random
        gate = WorkGate(maximumRunning: maximumConcurrent, maximumWaiting: maximumQueued)
    }

    public func hash(_ password: String) async throws -> PasswordHash {
        let salt = random.bytes(Self.saltLength)
        return try await offLoop { try Self.encode(password, salt: salt, parameters) }
    }

    public func verify(_ password: String, against hash: PasswordHash?) async throws -> PasswordVerification {
        guard let hash else {
            _ = try await self.hash(password)
            return .wrong
        }
        let isRight = try await offLoop { try Self.matches(password, hash) }
        return isRight ? .correct(needsRehash: !hash.phc.hasPrefix(prefix)) : .wrong
    }

    /// How the PHC string of a hash with today's parameters begins.
    private var prefix: String {
        "$argon2id$v=19$m=\(parameters.memoryKibibytes),t=\(parameters.passes),p=\(parameters.lanes)$"
    }

    private func offLoop<Value: Sendable>(_ work: @Sendable () throws -> Value) async throws -> Value {
        try await gate.run {
            try await withTaskExecutorPreference(globalConcurrentExecutor) { try await onThisExecutor(work) }
        }
    }

    private static func encode(_ password: String, salt: [UInt8], _ parameters: Argon2Parameters) throws -> PasswordHash
    {
        let length = argon2_encodedlen(
            parameters.passes, parameters.memoryKibibytes, parameters.lanes, UInt32(salt.count), UInt32(hashLength),
            Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let bytes = Array(password.utf8)
        let status = argon2id_hash_encoded(
            parameters.passes, parameters.memoryKibibytes, parameters.lanes, bytes, bytes.count, salt, salt.count,
            hashLength, &encoded, encoded.count)
        guard status == ARGON2_OK.rawValue else { throw failure(status) }
        return PasswordHash(
            phc: String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    private static func matches(_ password: String, _ hash: PasswordHash) throws -> Bool {
        let bytes = Array(password.utf8)
        let status = argon2id_verify(hash.phc, bytes, bytes.count)
        switch status {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw failure(status)
        }
    }

    private static func failure(_ status: CInt) -> ConferenceError {
        let reason = argon2_error_message(status).map { String(cString: $0) } ?? "status \(status)"
        if status == ARGON2_MEMORY_ALLOCATION_ERROR.rawValue { return .busy(retryAfter: .seconds(1)) }
        return .unexpected(cause: "libargon2: \(reason)")
    }
}

/// An async function of its own, so that it runs on the executor that the task prefers at its call.
private func onThisExecutor<Value: Sendable>(_ work: @Sendable () throws -> Value) async throws -> Value {
    try work()
}
