import Platform
import Testing

@testable import Postgres

@Suite struct HostResolverTests {
    @Test(arguments: [
        ("db.example", true), ("localhost", true), ("127.0.0.1", false), ("::1", false), ("/run/postgresql", false),
        ("@abstract", false), ("", false),
    ])
    func looksUpNamesOnly(_ host: String, _ isLookedUp: Bool) {
        #expect(HostResolver.needsLookUp(host) == isLookedUp)
    }

    @Test func keepsNamesAddressesAndPortsInStep() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let configuration = try PostgresConfiguration(url: "postgresql://app@localhost:1111,127.0.0.2:2222/app")
        let hosts = try #require(
            try await loop.run {
                try await HostResolver.resolve(configuration.parameters, loop: loop, atMost: .seconds(5))
            })
        #expect(hosts.names.count == hosts.addresses.count)
        #expect(hosts.names.last == "127.0.0.2")
        #expect(hosts.addresses.last == "127.0.0.2")
        #expect(hosts.ports?.count == hosts.names.count)
        #expect(hosts.ports?.first == "1111")
        #expect(hosts.ports?.last == "2222")
    }

    @Test func namesAHostThatDoesNotExist() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let configuration = try PostgresConfiguration(url: "postgresql://app:s3cret@no-such-host.invalid/app")
        let error = await #expect(throws: PostgresError.self) {
            try await loop.run {
                try await HostResolver.resolve(configuration.parameters, loop: loop, atMost: .seconds(20))
            }
        }
        #expect(error?.isUnavailable == true)
        #expect("\(String(describing: error))".contains("no-such-host.invalid"))
    }
}
