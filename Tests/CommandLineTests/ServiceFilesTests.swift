import Platform
import Testing

@testable import livekit_conference

@Suite struct ServiceFilesTests {
    @Test func liveKitListensForTheProxyAloneAndTakesMediaOnTheConfiguredPorts() throws {
        let text = LiveKitServerFile.text(
            try load([
                "LIVEKIT_UDP_PORTS": "40000-40100", "LIVEKIT_TCP_PORT": "7001", "LIVEKIT_NODE_IP": "198.51.100.7",
            ]))
        #expect(text.contains("\nport: 7880\n"))
        #expect(text.contains("\nbind_addresses: [\"127.0.0.1\"]\n"))
        #expect(text.contains("  tcp_port: 7001\n  port_range_start: 40000\n  port_range_end: 40100\n"))
        #expect(text.contains("  use_external_ip: false\n  node_ip: \"198.51.100.7\"\n"))
    }

    @Test func withoutAnAddressLiveKitAsksForIt() throws {
        let text = LiveKitServerFile.text(try load(["LIVEKIT_STUN_SERVERS": "a.example.org:3478,b.example.org:3478"]))
        #expect(text.contains("  use_external_ip: true\n"))
        #expect(!text.contains("node_ip"))
        #expect(text.contains("  stun_servers: [\"a.example.org:3478\", \"b.example.org:3478\"]\n"))
    }

    @Test func liveKitHasTheKeyTheWebhookAndRedis() throws {
        let text = LiveKitServerFile.text(
            try load(["REDIS_URL": "redis://app:pa%22ss@127.0.0.1:6380/2", "LISTEN": "127.0.0.1:3999"]))
        #expect(text.contains("room:\n  auto_create: false\n"))
        #expect(text.contains("keys:\n  \"conference\": \"d41d8cd98f00b204e9800998ecf8427e\"\n"))
        #expect(text.contains("  urls: [\"http://127.0.0.1:3999/webhooks/livekit\"]\n"))
        #expect(
            text.contains(
                "redis:\n  address: \"127.0.0.1:6380\"\n  db: 2\n  username: \"app\"\n  password: \"pa\\\"ss\"\n"))
    }

    @Test func theRecorderUploadsToTheBucketAndTriesAgain() throws {
        let text = EgressFile.text(try load())
        #expect(text.contains("ws_url: \"ws://127.0.0.1:7880\"\ninsecure: true\n"))
        #expect(text.contains("    endpoint: \"https://s3.example.org\"\n    bucket: \"recordings\"\n"))
        #expect(text.contains("    force_path_style: true\n"))
        #expect(text.contains("    max_retries: 8\n"))
    }

    @Test func oneNameServesEverything() throws {
        let text = Caddyfile.text(try load(["LIVEKIT_PUBLIC_URL": "wss://meet.example.org"]))
        #expect(text.components(of: "\nhttps://").count == 2)
        for part in ["https://meet.example.org {", "@livekit path /rtc /rtc/*", "@api path /api /api/*", "try_files"] {
            #expect(text.contains(part))
        }
    }

    @Test func eachFurtherNameIsASiteOfItsOwn() throws {
        let text = Caddyfile.text(try load(["PUBLIC_URL": "https://api.example.org", "PROXY_PORT_80": "open"]))
        let sites = text.components(of: "\nhttps://").dropFirst().map(String.init)
        try #require(sites.count == 3)
        #expect(sites[0].hasPrefix("api.example.org {") && sites[0].contains("@api") && !sites[0].contains("@livekit"))
        #expect(sites[1].hasPrefix("meet.example.org {") && sites[1].contains("file_server"))
        #expect(sites[2].hasPrefix("livekit.example.org {") && sites[2].contains("@livekit"))
        #expect(!sites[2].contains("@api"))
    }

    @Test func aLiveKitElsewhereIsNoSite() throws {
        let text = Caddyfile.text(try load(["LIVEKIT_URL": "https://livekit.example.org"]))
        #expect(!text.contains("livekit.example.org"))
    }

    @Test func port80IsClosedUnlessAskedFor() throws {
        let closed = Caddyfile.text(try load())
        #expect(closed.contains("auto_https disable_redirects"))
        #expect(closed.contains("disable_http_challenge"))
        let open = Caddyfile.text(try load(["PROXY_PORT_80": "open"]))
        #expect(!open.contains("disable_redirects"))
        #expect(!open.contains("disable_http_challenge"))
    }

    @Test func theCertificateAuthorityCanBeChosen() throws {
        let acme = Caddyfile.text(
            try load(["ACME_EMAIL": "admin@example.org", "ACME_DIRECTORY": "https://ca.example.org/directory"]))
        #expect(acme.contains("\n\temail admin@example.org\n\tacme_ca https://ca.example.org/directory\n"))
        #expect(Caddyfile.text(try load(["PROXY_CERTIFICATES": "internal"])).contains("\ttls internal\n"))
    }

    @Test(arguments: [
        ("LIVEKIT_NODE_IP", "meet.example.org"), ("LIVEKIT_NODE_IP", "1.2.3.400"), ("LIVEKIT_UDP_PORTS", "60000-50000"),
        ("LIVEKIT_UDP_PORTS", "80-90"), ("LIVEKIT_STUN_SERVERS", "stun.example.org"), ("ACME_EMAIL", "a@b} evil"),
        ("PROXY_PORT_80", "yes"), ("ACME_DIRECTORY", "http://ca.example.org"),
    ])
    func whatTheServicesWouldRefuseIsRefusedBefore(name: String, value: String) throws {
        let error = try #require(throws: ConfigurationError.self) { try load([name: value]) }
        #expect(error.problems.map(\.subject) == [name])
    }

    @Test func everyLinkToAMeetingIsOnePage() throws {
        let text = Caddyfile.text(try load())
        #expect(text.contains("\t\t@join {\n\t\t\tpath /join/*\n\t\t\tnot file\n\t\t}\n\t\trewrite @join /join.html\n"))
    }

    @Test func atOracleTheRecorderIsGivenTheSpellingThatItsUploadsWorkWith() throws {
        let endpoint = "https://abc123.compat.objectstorage.eu-frankfurt-1.oraclecloud.com"
        #expect(EgressFile.text(try load(["S3_ENDPOINT": endpoint])).contains("    endpoint: \"\(endpoint)\"\n"))
        let other = "https://abc123.compat.objectstorage.eu-frankfurt-1.oci.customer-oci.com"
        let error = try #require(throws: ConfigurationError.self) { try load(["S3_ENDPOINT": other]) }
        #expect(error.problems.map(\.subject) == ["S3_ENDPOINT"])
    }

    @Test func onlyPagesHaveThePolicyOnFrames() throws {
        let text = Caddyfile.text(try load(["PUBLIC_URL": "https://api.example.org"]))
        let sites = text.components(of: "\nhttps://").dropFirst().map(String.init)
        #expect(sites.map { $0.contains("frame-ancestors 'none'") } == [false, true, false])
    }

    @Test func queriesAndHeadersAreKeptOutOfEveryLog() throws {
        let text = Caddyfile.text(try load())
        let logs = text.components(of: "\tlog {\n").dropFirst()
        #expect(logs.count == 2)
        for log in logs {
            #expect(log.prefix { $0 != "}" }.contains("request>uri regexp \"(/join/)[^/?]+|([?]).*\" \"$1$2...\""))
            #expect(log.prefix { $0 != "}" }.contains("request>headers delete"))
        }
    }

    @Test func textsAreQuotedForYAML() {
        #expect(YAML.quoted("a\"b\\c\nd\u{1}é#: ") == "\"a\\\"b\\\\c\\nd\\x01é#: \"")
    }

    @Test func onlyFilesThatDifferAreWritten() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/file"
        #expect(try FileReplacement.write("one\n", to: path, mode: 0o600))
        #expect(try !FileReplacement.write("one\n", to: path, mode: 0o600))
        #expect(try FileReplacement.write("one\n", to: path, mode: 0o644))
        #expect(try FileReplacement.write("two\n", to: path, mode: 0o644))
        #expect(try SmallFile.read(path, limit: 100) == "two\n")
        #expect(!SmallFile.exists(path + ".new"))
    }

    @Test func aFileThatCanNotBeWrittenStaysAsItWas() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: SystemError.self) {
            try FileReplacement.write("x", to: directory.path + "/missing/file", mode: 0o600)
        }
    }

    private func load(_ changes: [String: String] = [:]) throws -> Configuration {
        let production = [
            "APP_ENV": "production", "PUBLIC_URL": "https://meet.example.org",
            "FRONTEND_URL": "https://meet.example.org", "TRUSTED_PROXIES": "127.0.0.1",
            "SESSION_SECRET": "7c9e6679f7e04fd08ab3a1f0a9dd2c5e", "REDIS_URL": "redis://127.0.0.1",
            "DATABASE_URL": "postgresql://u:p@127.0.0.1/livekit_conference", "S3_ENDPOINT": "https://s3.example.org",
            "S3_ACCESS_KEY": "AKIA77", "S3_SECRET_KEY": "b6589fc6ab0dc82cf120", "S3_BUCKET": "recordings",
            "S3_REGION": "eu-frankfurt-1", "LIVEKIT_PUBLIC_URL": "wss://livekit.example.org",
            "LIVEKIT_API_KEY": "conference", "LIVEKIT_API_SECRET": "d41d8cd98f00b204e9800998ecf8427e",
        ]
        return try Configuration.load(SettingSources(environment: production.merging(changes) { $1 })).configuration
    }
}

extension String {
    /// What is between the occurrences of a text.
    fileprivate func components(of separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
