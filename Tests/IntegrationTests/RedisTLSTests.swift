import Platform
import Redis
import Testing

/// An authority of the test's own, and a server certificate for `localhost` and 127.0.0.1.
private struct TestAuthority {
    let folder: String

    init() throws {
        folder = try temporaryFolder("tls")
        try makeAuthority("ca")
        try makeAuthority("other")
        let request = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try openssl(
            ["req", "-new"] + request + ["-subj", "/CN=redis", "-keyout", "\(folder)/key.pem", "-out", "\(folder)/csr"])
        try run(["/bin/sh", "-c", "printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > \(folder)/names"])
        try openssl([
            "x509", "-req", "-in", "\(folder)/csr", "-CA", "\(folder)/ca.pem", "-CAkey", "\(folder)/ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", "\(folder)/names", "-out", "\(folder)/cert.pem",
        ])
    }

    private func makeAuthority(_ name: String) throws {
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=\(name)", "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).pem",
        ])
    }

    private func openssl(_ arguments: [String]) throws {
        try run(["/bin/sh", "-c", "exec openssl \"$@\" 2>\(folder)/openssl.log", "sh"] + arguments)
    }

    func remove() { try? run(["/bin/rm", "-rf", folder]) }

    /// A server that speaks TLS only, and wants a certificate of the same authority if asked to.
    func server(wantsCertificate: Bool = false) throws -> RedisServerProcess {
        try RedisServerProcess([
            "--port", "0", "--tls-port", "{port}", "--tls-cert-file", "\(folder)/cert.pem",
            "--tls-key-file", "\(folder)/key.pem", "--tls-ca-cert-file", "\(folder)/ca.pem",
            "--tls-auth-clients", wantsCertificate ? "yes" : "no",
        ])
    }
}

@Suite(.timeLimit(.minutes(1))) struct RedisTLSTests {
    @Test(arguments: ["localhost", "127.0.0.1"])
    func aCertificateOfTheGivenAuthorityAndNameIsTrusted(host: String) async throws {
        let authority = try TestAuthority()
        defer { authority.remove() }
        let server = try authority.server()
        try server.start()
        let url = "rediss://\(host):\(server.port)?ca=\(authority.folder)/ca.pem"
        try await RedisHarness.run(url) { test async throws in
            await test.untilConnected()
            let big = [UInt8](repeating: 0x61, count: 5_000_000)
            let replies = try await test.redis.pipeline([["SET", "k", .bytes(big)], ["GET", "k"]])
            #expect(replies[1].bytes == big)
        }
    }

    @Test func aCertificateForAnotherHostIsRefused() async throws {
        let authority = try TestAuthority()
        defer { authority.remove() }
        let server = try authority.server()
        try server.start()
        let good = "rediss://localhost:\(server.port)?ca=\(authority.folder)/ca.pem"
        try await RedisHarness.run(good) { test in await test.untilConnected() }
        let error = await #expect(throws: RedisError.self) {
            // A name that leads to the same server, and that its certificate doesn't carry.
            try await RedisHarness.run("rediss://127.0.0.2:\(server.port)?ca=\(authority.folder)/ca.pem") { _ in }
        }
        #expect(error?.code == "redis_tls", "\(error?.description ?? "")")
        #expect(error?.description.contains("mismatch") == true, "\(error?.description ?? "")")
    }

    @Test func aCertificateOfAnUnknownAuthorityIsRefused() async throws {
        let authority = try TestAuthority()
        defer { authority.remove() }
        let server = try authority.server()
        try server.start()
        let good = "rediss://localhost:\(server.port)?ca=\(authority.folder)/ca.pem"
        try await RedisHarness.run(good) { test in await test.untilConnected() }
        for parameters in ["?ca=\(authority.folder)/other.pem", ""] {
            let error = await #expect(throws: RedisError.self) {
                try await RedisHarness.run("rediss://localhost:\(server.port)\(parameters)") { _ in }
            }
            #expect(error?.code == "redis_tls", "\(error?.description ?? "")")
        }
    }

    @Test func aServerThatWantsACertificateGetsIt() async throws {
        let authority = try TestAuthority()
        defer { authority.remove() }
        let server = try authority.server(wantsCertificate: true)
        try server.start()
        let folder = authority.folder
        let url = "rediss://localhost:\(server.port)?ca=\(folder)/ca.pem&cert=\(folder)/cert.pem&key=\(folder)/key.pem"
        try await RedisHarness.run(url) { test async throws in
            await test.untilConnected()
            #expect(try await test.redis.send(["PING"]) == .status("PONG"))
        }
    }

    @Test func aMissingFileIsNamed() async throws {
        let error = await #expect(throws: RedisError.self) {
            try await RedisHarness.run("rediss://localhost:1?ca=/nonexistent/ca.pem") { _ in }
        }
        #expect(error?.code == "redis_configuration")
        #expect(error?.description.contains("/nonexistent/ca.pem") == true)
    }
}
