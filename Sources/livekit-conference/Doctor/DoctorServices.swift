import HTTPClient
import LiveKit
import ObjectStorage
import Platform
import Postgres
import Redis

/// Clients of the services that checks ask, as far as the configuration tells how to reach them.
struct DoctorServices: Sendable {
    let settings: DoctorSettings
    let loop: EventLoop
    let client: HTTPClient
    let log: Logger
    private let postgresOrNil: Postgres?
    private let redisOrNil: Redis?
    /// Why the connection could not be made, where trying again is of no use.
    private let postgresFailure: (any Error)?
    private let redisFailure: (any Error)?

    /// Connects; a service that is away is no failure here.
    init(_ settings: DoctorSettings, loop: EventLoop, log: Logger) async {
        self.settings = settings
        self.loop = loop
        self.log = log
        client = HTTPClient(loops: [loop])
        var failure: (any Error)?
        if var configuration = settings.parts.database?.configuration {
            configuration.poolSize = 2
            configuration.unavailableWait = .seconds(4)
            let postgres = Postgres(configuration: configuration, loops: [loop], log: log)
            do { try await postgres.start() } catch { failure = error }
            postgresOrNil = postgres
        } else {
            postgresOrNil = nil
        }
        postgresFailure = failure
        failure = nil
        if let configuration = settings.parts.redis?.configuration {
            let redis = Redis(configuration: configuration, loops: [loop], log: log)
            do { try await redis.start() } catch { failure = error }
            redisOrNil = redis
        } else {
            redisOrNil = nil
        }
        redisFailure = failure
    }

    func stop() async {
        if postgresFailure == nil { await postgresOrNil?.stop() }
        if redisFailure == nil { await redisOrNil?.stop() }
    }

    /// - Throws: ``DoctorFinding`` where there are no settings, or what keeps it from ever connecting.
    func postgres() throws -> Postgres {
        guard let postgresOrNil else { throw Self.incomplete("DATABASE_...") }
        if let postgresFailure { throw postgresFailure }
        return postgresOrNil
    }

    func redis() throws -> Redis {
        guard let redisOrNil else { throw Self.incomplete("REDIS_...") }
        if let redisFailure { throw redisFailure }
        return redisOrNil
    }

    func storage() throws -> ObjectStorage {
        let storage = try settings.require(\.storage, "S3_...")
        var timeouts = ObjectStorage.Timeouts()
        timeouts.request = .seconds(5)
        timeouts.transfer = .seconds(15)
        timeouts.idle = .seconds(10)
        return ObjectStorage(
            configuration: storage.configuration, client: client, retry: .none, timeouts: timeouts, log: log)
    }

    private static func incomplete(_ names: String) -> DoctorFinding {
        .unknown("the settings \(names) are not complete", "See configuration.settings.")
    }
}
