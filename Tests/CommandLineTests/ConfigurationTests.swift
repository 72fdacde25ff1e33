import CLinux
import Conference
import Glibc
import HTTPServer
import ObjectStorage
import Platform
import Testing

@testable import livekit_conference

@Suite struct ConfigurationTests {
    @Test func localNeedsNothingButItsName() throws {
        let loaded = try load(["APP_ENV": "local"])
        #expect(loaded.warnings.isEmpty)
        let configuration = loaded.configuration
        #expect(configuration.environment == .local)
        #expect(configuration.http.listen.description == "127.0.0.1:3001")
        #expect(configuration.http.allowedOrigins == ["http://localhost:3000"])
        #expect(configuration.program.eventLoops.resolved(cores: 3) == 3)
        #expect(configuration.program.migrationsDirectory == "migrations")
    }

    @Test func laterSourcesWin() throws {
        let file = try EnvironmentFile(
            text: "APP_ENV=local\nLISTEN=127.0.0.1:1\nLOG_LEVEL=debug\nEVENT_LOOPS=3\nS3_REGION=from-file", path: ".env"
        )
        let sources = SettingSources(
            file: file, environment: ["LISTEN": "127.0.0.1:2", "LOG_LEVEL": "error", "S3_REGION": ""],
            flags: ["LISTEN": "127.0.0.1:3"])
        let configuration = try Configuration.load(sources).configuration
        #expect(configuration.http.listen.description == "127.0.0.1:3")
        #expect(configuration.program.logLevel == .error)
        #expect(configuration.program.eventLoops == .fixed(3))
        #expect(configuration.storage.configuration.region == "from-file")
    }

    @Test func secretsComeFromCredentialsToo() throws {
        let directory = try TemporaryDirectory()
        let fromFile = String(repeating: "f1le", count: 10)
        let fromCredential = String(repeating: "cr3d", count: 10)
        try directory.write("session_secret", fromCredential + "\n")
        try directory.write("livekit_api_secret", fromCredential)
        try directory.write("log_level", "error")
        let sources = SettingSources(
            file: try EnvironmentFile(text: "APP_ENV=local\nSESSION_SECRET=\(fromFile)", path: ".env"),
            credentials: CredentialsDirectory(environment: ["CREDENTIALS_DIRECTORY": directory.path]),
            environment: ["LIVEKIT_API_SECRET": fromFile])
        let configuration = try Configuration.load(sources).configuration
        #expect(configuration.sessions.secret == fromCredential)
        #expect(configuration.liveKit.apiSecret == fromFile)
        #expect(configuration.program.logLevel == .info)
    }

    @Test func everyProblemIsReportedAtOnceWithPurposeAndExample() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try load([
                "APP_ENV": "local", "LISTEN": "localhost", "LOG_LEVEL": "inf", "EVENT_LOOPS": "0", "PUBLIC_URL": "x",
                "DATABASE_URL": "mysql://x", "REDIS_URL": "http://x", "SHUTDOWN_TIMEOUT": "soon", "S3_BUCKET": "A",
                "SESSION_SECRET": "short", "HTTP_HEAD_TIMEOUT": "1w", "CORS_ALLOWED_ORIGINS": "*",
                "TRUSTED_PROXIES": "10.0.0.0/33",
            ])
        }
        #expect(
            error.problems.map(\.subject) == [
                "LOG_LEVEL", "EVENT_LOOPS", "SHUTDOWN_TIMEOUT", "LISTEN", "PUBLIC_URL", "CORS_ALLOWED_ORIGINS",
                "TRUSTED_PROXIES", "HTTP_HEAD_TIMEOUT", "SESSION_SECRET", "DATABASE_URL", "REDIS_URL", "S3_BUCKET",
            ])
        for problem in error.problems {
            #expect(problem.purpose?.isEmpty == false)
            #expect(problem.example?.hasPrefix(problem.subject + "=") == true)
            #expect(problem.origin == "the environment")
        }
        #expect(error.description.contains("did you mean info?"))
    }

    @Test(arguments: ["staging", "production"])
    func outsideOfLocalEverythingImportantMustBeSet(environment: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try load(["APP_ENV": environment]) }
        #expect(
            Set(error.problems.map(\.subject)) == [
                "PUBLIC_URL", "FRONTEND_URL", "SESSION_SECRET", "DATABASE_URL", "REDIS_URL", "S3_ENDPOINT",
                "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_BUCKET", "S3_REGION", "LIVEKIT_PUBLIC_URL", "LIVEKIT_API_KEY",
                "LIVEKIT_API_SECRET",
            ])
    }

    @Test func withoutAnEnvironmentTheRestIsJudgedToo() throws {
        let error = try #require(throws: ConfigurationError.self) { try load(["EVENT_LOOPS": "many"]) }
        #expect(error.problems.map(\.subject) == ["APP_ENV", "EVENT_LOOPS"])
    }

    @Test func anEmptyValueCountsAsMissing() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try load(production.merging(["S3_REGION": ""]) { $1 })
        }
        #expect(error.problems.count == 1)
        #expect(error.description.contains("S3_REGION is set but empty (from the environment)"))
    }

    @Test func aCompleteProductionConfigurationIsAccepted() throws {
        let loaded = try load(production)
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.configuration.http.allowedOrigins == ["https://meet.example.org", "https://a.example.org"])
        #expect(loaded.configuration.rateLimits.signIn.capacity == 20)
    }

    @Test(arguments: [
        ("PUBLIC_URL", "http://meet.example.org"), ("FRONTEND_URL", "http://meet.example.org"),
        ("LIVEKIT_PUBLIC_URL", "ws://meet.example.org"), ("LIVEKIT_URL", "http://10.0.0.3:7880"),
        ("EGRESS_LAYOUT_URL", "http://meet.example.org/recorder"),
        ("S3_ENDPOINT", "http://s3.example.org"), ("CORS_ALLOWED_ORIGINS", "http://a.example.org"),
        ("DATABASE_URL", "postgresql://u:p@db.example.org/x"),
        ("DATABASE_URL", "postgresql://u:p@db.example.org/x?sslmode=verify-ca"),
        ("DATABASE_URL", "postgresql:///x?host=10.0.0.1"),
        ("DATABASE_URL", "postgresql://u:p@127.0.0.1,10.0.0.1/x"), ("REDIS_URL", "redis://:p@redis.example.org"),
        ("REDIS_URL", "rediss://redis.example.org"),
    ])
    func productionRefusesWhatStagingWarnsOf(name: String, value: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try load(production.merging([name: value]) { $1 }) }
        #expect(error.problems.map(\.subject) == [name])
        let staging = try load(production.merging([name: value, "APP_ENV": "staging"]) { $1 })
        #expect(staging.warnings.map(\.subject) == [name])
        #expect(try load([name: value, "APP_ENV": "local"]).warnings.isEmpty)
    }

    @Test(arguments: [
        ("LIVEKIT_API_KEY", "devkey"), ("LIVEKIT_API_SECRET", "secret"), ("S3_SECRET_KEY", "test"),
        ("S3_ACCESS_KEY", "minioadmin"), ("SESSION_SECRET", String(repeating: "ab", count: 20)),
        ("SESSION_SECRET", "1234567890123456789012345678901"),
        ("LIVEKIT_API_SECRET", "abcdefghijklmnopqrstuvwxyz0123456789"),
    ])
    func wellKnownAndShortSecretsAreRefusedOutsideOfLocal(name: String, value: String) throws {
        for environment in ["staging", "production"] {
            let error = try #require(throws: ConfigurationError.self) {
                try load(production.merging([name: value, "APP_ENV": environment]) { $1 })
            }
            #expect(error.problems.map(\.subject) == [name])
            #expect(value.count < 7 || !error.description.contains(value))
        }
    }

    @Test func theDefaultsOfLocalDevelopmentAreRefusedElsewhere() throws {
        for setting in Settings.all where setting.isSecret && setting.name != "REDIS_URL" {
            let value = try #require(setting.fallback(in: .local))
            let error = try #require(throws: ConfigurationError.self) {
                try load(production.merging([setting.name: value]) { $1 })
            }
            #expect(error.problems.map(\.subject) == [setting.name])
        }
    }

    @Test(arguments: [
        ("DATABASE_URL", "postgresql:///x?host=/run/postgresql"), ("DATABASE_URL", "postgresql://u:p@[::1]/x"),
        ("DATABASE_URL", "postgresql://u:p@db/x?sslmode=verify-full"), ("REDIS_URL", "redis://localhost:6379/1"),
        ("REDIS_URL", "unix:///run/redis.sock"), ("LIVEKIT_URL", "https://livekit.internal"),
        ("EGRESS_LAYOUT_URL", "https://meet.example.org/recorder"),
        ("EGRESS_LAYOUT_URL", "http://127.0.0.1:8080/recorder"),
        ("S3_ENDPOINT", "https://n.compat.objectstorage.eu-frankfurt-1.oraclecloud.com/"),
    ])
    func productionAcceptsWhatIsSafe(name: String, value: String) throws {
        #expect(try load(production.merging([name: value]) { $1 }).warnings.isEmpty)
    }

    @Test(arguments: [
        ("S3_ENDPOINT", "s3.example.org", "Write https://s3.example.org"),
        ("S3_ENDPOINT", "https://s3.example.org/bucket", "Write https://s3.example.org"),
        ("S3_ENDPOINT", "https://n.compat.objectstorage.eu-frankfurt-1.oci.customer-oci.com", "oraclecloud.com"),
        ("S3_REGION", "Frankfurt", "Frankfurt"),
    ])
    func anEndpointThatBreaksUploadsIsRefusedWithTheRightOne(name: String, value: String, advice: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try load(production.merging([name: value]) { $1 }) }
        #expect(error.problems.map(\.subject) == [name])
        #expect(error.description.contains(advice))
    }

    @Test func productionWarnsWhenClientsCanNotBeToldApart() throws {
        let loaded = try load(production.merging(["TRUSTED_PROXIES": ""]) { $1 })
        #expect(loaded.warnings.map(\.subject) == ["TRUSTED_PROXIES"])
        let open = try load(production.merging(["LISTEN": "0.0.0.0:3001"]) { $1 })
        #expect(open.warnings.map(\.subject) == ["LISTEN"])
    }

    @Test func passwordsOfURLsAreNeverShown() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try load([
                "APP_ENV": "production", "DATABASE_URL": "postgresql://u:hunter2@db:x/y",
                "REDIS_URL": "redis://:hunter2@h:x", "PUBLIC_URL": "https://u:hunter2@h",
                "S3_ENDPOINT": "https://u:hunter2@h",
            ])
        }
        #expect(!error.description.contains("hunter2"))
    }

    @Test func unknownNamesInTheFileAreWarnings() throws {
        let file = try EnvironmentFile(text: "APP_ENV=local\nDATABSE_URL=x\nUNRELATED=1", path: ".env")
        let warnings = try Configuration.load(SettingSources(file: file)).warnings.map(\.description)
        #expect(
            warnings == [
                ".env, line 2: DATABSE_URL is not a setting of this program; did you mean DATABASE_URL?",
                ".env, line 3: UNRELATED is not a setting of this program",
            ])
    }

    private func load(_ environment: [String: String]) throws -> Configuration.Loaded {
        try Configuration.load(SettingSources(environment: environment))
    }

    private var production: [String: String] {
        [
            "APP_ENV": "production", "PUBLIC_URL": "https://meet.example.org/",
            "FRONTEND_URL": "https://meet.example.org",
            "CORS_ALLOWED_ORIGINS": "https://a.example.org:443", "TRUSTED_PROXIES": "127.0.0.1, ::1",
            "SESSION_SECRET": "7c9e6679f7e04fd08ab3a1f0a9dd2c5e", "REDIS_URL": "redis://127.0.0.1",
            "DATABASE_URL": "postgresql://u:p@127.0.0.1/livekit_conference", "S3_ENDPOINT": "https://s3.example.org",
            "S3_ACCESS_KEY": "AKIA77", "S3_SECRET_KEY": "b6589fc6ab0dc82cf120", "S3_BUCKET": "recordings",
            "S3_REGION": "eu-frankfurt-1", "LIVEKIT_PUBLIC_URL": "wss://livekit.example.org",
            "LIVEKIT_API_KEY": "conference", "LIVEKIT_API_SECRET": "d41d8cd98f00b204e9800998ecf8427e",
        ]
    }
}
