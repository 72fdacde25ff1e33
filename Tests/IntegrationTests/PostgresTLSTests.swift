import Platform
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)), .serialized)
struct PostgresTLSTests {
    /// A certificate authority made for one test.
    private struct Authority {
        let folder: TestFolder
        let name: String
        var certificate: String { "\(folder.path)/\(name).crt" }
        private var log: String { "\(folder.path)/openssl.log" }

        init(_ name: String, in folder: TestFolder) throws {
            self.folder = folder
            self.name = name
            try TestProcess.run(
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2",
                    "-subj", "/CN=\(name)", "-keyout", "\(folder.path)/\(name).key", "-out", certificate,
                ], output: log)
        }

        /// Issues a certificate for a host name.
        func issue(_ file: String, host: String) throws {
            let base = "\(folder.path)/\(file)"
            try TestProcess.run(
                [
                    "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=\(host)", "-keyout", "\(base).key", "-out", "\(base).csr",
                ], output: log)
            try folder.write("subjectAltName=DNS:\(host)\n", to: "\(file).ext")
            try TestProcess.run(
                [
                    "openssl", "x509", "-req", "-in", "\(base).csr", "-CA", certificate, "-CAkey",
                    "\(folder.path)/\(name).key", "-CAcreateserial", "-days", "2", "-extfile", "\(base).ext", "-out",
                    "\(base).crt",
                ], output: log)
        }
    }

    private func query(_ url: String, _ loop: EventLoop) async throws -> Bool {
        let log = Logger(component: "postgres", sink: CollectingSink())
        let postgres = Postgres(configuration: try PostgresConfiguration(url: url), loops: [loop], log: log)
        try await postgres.start()
        do {
            let rows = try await postgres.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            await postgres.stop()
            return try rows[0].get("ssl")
        } catch {
            await postgres.stop()
            throw error
        }
    }

    @Test func keepsEachPromiseOfTheModes() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let authority = try Authority("authority", in: folder)
        let stranger = try Authority("stranger", in: folder)
        try authority.issue("server", host: "localhost")

        let server = try PostgresTestServer(settings: ["ssl=on"])
        defer { server.remove() }
        try server.install("\(folder.path)/server.crt", as: "server.crt")
        try server.install("\(folder.path)/server.key", as: "server.key")
        try server.start()
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }

        func attempt(_ host: String, _ options: String) async -> Result<Bool, any Error> {
            do {
                return .success(try await query(server.url(host: host, query: "?" + options), loop))
            } catch {
                return .failure(error)
            }
        }
        func expectRefusal(_ result: Result<Bool, any Error>, _ words: String) {
            guard case .failure(let error) = result else {
                Issue.record("must be refused for: \(words)")
                return
            }
            #expect((error as? PostgresError)?.isUnavailable == true)
            #expect("\(error)".contains(words), "\(error)")
            #expect(!"\(error)".contains("s3cret"))
        }
        let trusted = "sslrootcert=\(authority.certificate)"
        #expect(try await attempt("localhost", "sslmode=disable").get() == false)
        #expect(try await attempt("localhost", "sslmode=require").get())
        #expect(try await attempt("localhost", "sslmode=verify-full&\(trusted)").get())
        #expect(try await attempt("127.0.0.1", "sslmode=verify-ca&\(trusted)").get())
        expectRefusal(await attempt("127.0.0.1", "sslmode=verify-full&\(trusted)"), "does not match host name")
        expectRefusal(
            await attempt("localhost", "sslmode=verify-full&sslrootcert=\(stranger.certificate)"),
            "certificate verify failed")
    }

    @Test func carriesMuchOverTLS() async throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let authority = try Authority("authority", in: folder)
        try authority.issue("server", host: "localhost")
        let server = try PostgresTestServer(settings: ["ssl=on"])
        defer { server.remove() }
        try server.install("\(folder.path)/server.crt", as: "server.crt")
        try server.install("\(folder.path)/server.key", as: "server.key")
        try server.start()
        let url = server.url(host: "localhost", query: "?sslmode=verify-full&sslrootcert=\(authority.certificate)")
        try await PostgresTestDatabase.with(serverURL: url) { database in
            try await database.withPostgres { postgres in
                let bytes = [UInt8](repeating: 7, count: 3_000_000)
                let statements = (0..<10).map { _ in PostgresStatement("SELECT $1::bytea AS bytes", [bytes]) }
                for outcome in try await postgres.pipeline(statements) {
                    #expect(try outcome.get().rows[0].get("bytes", as: [UInt8].self).count == 3_000_000)
                }
                let task = Task { try await postgres.query("SELECT pg_sleep(30)") }
                try await eventually("the sleep") { try await isSleeping(postgres) }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                try await eventually("the end of the sleep") { try await !isSleeping(postgres) }
            }
        }
    }
}
