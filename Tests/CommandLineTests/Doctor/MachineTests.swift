import FoundationEssentials
import HTTPClient
import Platform
import Testing

@testable import livekit_conference

/// What the machine shows, judged: each verdict with input that is good, and with input that isn't.
@Suite struct MachineTests {
    @Test func unitsThatDoNotRunAreNamed() {
        let text = """
            Id=livekit-conference.service
            LoadState=loaded
            ActiveState=failed
            SubState=failed
            Result=start-limit-hit
            NRestarts=30

            Id=caddy.service
            LoadState=loaded
            ActiveState=active
            SubState=running
            Result=success
            NRestarts=0

            Id=livekit-egress.service
            LoadState=not-found
            ActiveState=inactive

            Id=livekit-conference.target
            LoadState=loaded
            ActiveState=active
            UnitFileState=disabled
            """
        let units = UnitChecks.parse(text)
        #expect(units.map(\.name).count == 4)
        let finding = UnitChecks.active(units, wanted: UnitChecks.known)
        #expect(finding.outcome == .fail)
        #expect(finding.reason == "livekit-conference.service is failed (failed, start-limit-hit)")
        #expect(finding.remedy?.contains("systemctl status livekit-conference.service") == true)
        #expect(UnitChecks.active(units, wanted: ["caddy.service", "livekit-egress.service"]).outcome == .pass)
        #expect(UnitChecks.restarts(units).reason == "livekit-conference.service 30 times")
        #expect(UnitChecks.enabled(units).outcome == .fail)
        #expect(UnitChecks.enabled(UnitChecks.parse(text.replacing("disabled", with: "enabled"))).outcome == .pass)
    }

    @Test func failedUnitsOfOthersAreAWarning() {
        #expect(UnitChecks.failed("").outcome == .pass)
        #expect(UnitChecks.failed("apt-daily.service loaded failed failed Daily\n").outcome == .warn)
        #expect(UnitChecks.failed("livekit-server.service loaded failed failed Media\n").outcome == .fail)
    }

    private let tcp = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1001 1
           1: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1002 1
           2: 00000000:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1003 1
           3: 0100007F:0BB9 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 1004 1
        """

    private func ports() throws -> [PortList.Entry] {
        try PortList(
            """
            # a comment
            https   tcp 443         any      caddy              pages
            api     tcp 3001        loopback livekit-conference the API
            redis   tcp 6379        loopback redis-server       sessions
            media   udp 50000-60000 any      livekit-server     media
            """
        ).entries
    }

    @Test func aPortHeldByAnotherIsAFailureAndOneOfAnUnseenProcessUnknown() throws {
        let sockets = OpenSocket.parse(tcp, transport: "tcp", state: "0A")
        #expect(sockets.map(\.port) == [3001, 443, 6379])
        #expect(sockets.map(\.isLoopback) == [true, false, false])
        let caddy = OpenSocket.Holder(process: 80, program: "caddy")
        let api = OpenSocket.Holder(process: 90, program: "livekit-conference")
        let redis = OpenSocket.Holder(process: 95, program: "redis-server")
        let nginx = OpenSocket.Holder(process: 99, program: "nginx")
        let systemd = OpenSocket.Holder(process: 1, program: "systemd")
        let good = PortChecks.held(try ports(), sockets, ["1001": [systemd], "1002": [caddy], "1003": [redis]])
        #expect(good.outcome == .pass)
        let bad = PortChecks.held(try ports(), sockets, ["1001": [api], "1002": [nginx], "1003": [redis]])
        #expect(bad.outcome == .fail)
        #expect(bad.reason == "443/tcp is held by nginx (process 99), not by caddy")
        #expect(PortChecks.held(try ports(), sockets, ["1001": [api], "1002": [caddy]]).outcome == .unknown)
    }

    @Test func missingAndExposedPortsAreNamed() throws {
        let sockets = OpenSocket.parse(tcp, transport: "tcp", state: "0A")
        let entries = try ports()
        #expect(PortChecks.listening([entries[0], entries[1]], sockets).outcome == .pass)
        let noAPI = PortChecks.listening([entries[1]], sockets.filter { $0.port != 3001 })
        #expect(noAPI.outcome == .fail)
        #expect(noAPI.reason == "nothing listens on 3001/tcp (livekit-conference)")
        let exposed = PortChecks.exposed(entries, sockets.filter { !$0.isLoopback }, [:])
        #expect(exposed.outcome == .fail)
        #expect(exposed.reason.contains("6379/tcp"))
        #expect(!exposed.reason.contains("443/tcp"))
        #expect(PortChecks.exposed(entries, sockets.filter { $0.port == 443 }, [:]).outcome == .pass)
        #expect(PortChecks.exposed([], sockets.filter { $0.port == 443 }, [:]).outcome == .warn)
    }

    @Test func loopbackIsKnownInBothFamilies() {
        let text = """
            head
            0: 00000000000000000000000001000000:0016 0:0 0A 0 0 0 0 0 1 1
            1: 0000000000000000FFFF00000100007F:0016 0:0 0A 0 0 0 0 0 2 1
            2: 00000000000000000000000000000000:0016 0:0 0A 0 0 0 0 0 3 1
            """
        #expect(OpenSocket.parse(text, transport: "tcp", state: "0A").map(\.isLoopback) == [true, true, false])
    }

    @Test(arguments: [
        "api tcp 3001", "api icmp 1 any x", "api tcp 0-x any x", "api tcp 20-10 any x", "api tcp 1 moon x",
    ])
    func aLineOfTheListThatCanNotBeMeantIsNotPassedOver(line: String) {
        #expect(throws: DoctorFinding.self) { try PortList(line + "\n") }
    }

    @Test(arguments: [
        (600, 60_000, DoctorFinding.Outcome.fail), (400, 10_000, .fail), (1500, 20_000, .warn), (9000, 50_000, .pass),
        // A small file system isn't judged by what a large one needs.
        (400, 800, .pass), (10, 800, .fail),
    ])
    func diskSpaceIsJudgedByShareAndBySize(free: Int, total: Int, outcome: DoctorFinding.Outcome) {
        let finding = DiskChecks.space([.init(folder: "/var/lib", free: free, total: total)])
        #expect(finding.outcome == outcome)
        #expect(finding.reason.contains("/var/lib"))
        #expect((finding.remedy != nil) == (outcome != .pass))
    }

    @Test(arguments: [(200_000, DoctorFinding.Outcome.fail), (900_000, .warn), (4_000_000, .pass)])
    func memoryThatIsLeftIsJudged(available: Int, outcome: DoctorFinding.Outcome) {
        let text = "MemTotal:        8000000 kB\nMemFree: 100 kB\nMemAvailable:    \(available) kB\n"
        #expect(MachineChecks.memory(text).outcome == outcome)
    }

    @Test func killedProcessesAreAWarning() {
        #expect(MachineChecks.killed("nr_free 1\noom_kill 0\n").outcome == .pass)
        #expect(MachineChecks.killed("oom_kill 2\n").outcome == .warn)
        #expect(MachineChecks.killed("nr_free 1\n").outcome == .unknown)
    }

    @Test func recordingsThatDoNotFitTheProcessorsAreNamed() {
        #expect(MachineChecks.processors(.fixed(0), cores: 8).outcome == .skip)
        #expect(MachineChecks.processors(.automatic, cores: 4).outcome == .pass)
        let two = MachineChecks.processors(.automatic, cores: 2)
        #expect(two.outcome == .warn)
        #expect(two.reason.contains("composite"))
        #expect(
            MachineChecks.processors(.fixed(8), cores: 2).reason == "EGRESS_CPUS is 8, this machine has 2 processors")
    }

    @Test func packagesThatAreHalfInstalledOrOfSeveralVersionsAreNamed() {
        let good = "livekit-conference\t0.1.0-1\tii \nlivekit-conference-caddy\t0.1.0-1\tii \nlivekit-egress\t\tun \n"
        #expect(VersionChecks.packages(VersionChecks.parse(good), own: "0.1.0").outcome == .pass)
        let half = VersionChecks.packages(
            VersionChecks.parse(good.replacing("caddy\t0.1.0-1\tii ", with: "caddy\t0.1.0-1\tiF ")), own: "0.1.0")
        #expect(half.outcome == .fail)
        #expect(half.reason.contains("livekit-conference-caddy"))
        let mixed = good.replacing("caddy\t0.1.0-1", with: "caddy\t0.0.9-1")
        #expect(VersionChecks.packages(VersionChecks.parse(mixed), own: "0.1.0").outcome == .warn)
        #expect(VersionChecks.packages(VersionChecks.parse(good), own: "0.2.0").outcome == .warn)
        #expect(VersionChecks.packages([], own: "0.1.0").outcome == .skip)
    }

    @Test func anOldLiveKitIsAWarning() {
        #expect(VersionChecks.liveKit("livekit-server version 1.13.5\n").outcome == .pass)
        #expect(VersionChecks.liveKit("livekit-server version 1.9.0\n").outcome == .warn)
        #expect(VersionChecks.liveKit("no such flag").outcome == .unknown)
    }

    @Test func clocksThatDisagreeAreNamed() {
        func offset(_ ahead: Double, _ uncertainty: Double = 0) -> ClockChecks.Offset {
            .init(service: "storage", ahead: ahead, uncertainty: uncertainty)
        }
        #expect(ClockChecks.agree([offset(0.3)]).outcome == .pass)
        #expect(ClockChecks.agree([offset(-5)]).outcome == .warn)
        #expect(ClockChecks.agree([offset(-5, 4)]).outcome == .pass)
        #expect(ClockChecks.agree([offset(0), offset(40)]).outcome == .fail)
        #expect(ClockChecks.agree([]).outcome == .unknown)
        #expect(ClockChecks.synchronised(isUnsynchronised: true, error: .zero).outcome == .warn)
        #expect(ClockChecks.synchronised(isUnsynchronised: false, error: .milliseconds(3)).outcome == .pass)
    }

    @Test func namesThatDoNotLeadHereAreNamed() {
        let good: (String, NameChecks.Resolution) = ("meet.example.org", .addresses(["198.51.100.7"]))
        #expect(NameChecks.verdict([good], expected: "198.51.100.7").outcome == .pass)
        #expect(NameChecks.verdict([good], expected: nil).outcome == .pass)
        #expect(NameChecks.verdict([good], expected: "198.51.100.8").outcome == .warn)
        #expect(NameChecks.verdict([good, ("x.example.org", .failed("not known"))], expected: nil).outcome == .fail)
        #expect(
            NameChecks.verdict([("meet.example.org", .addresses(["127.0.1.1"]))], expected: nil).outcome == .unknown)
    }

    private func certificate(end: String, distrust: String? = nil, names: [String] = ["meet.example.org"])
        -> ServerCertificate
    {
        ServerCertificate(
            names: names, issuer: "CN = R11", begin: "Jan  1 00:00:00 2026 GMT", end: end, distrust: distrust)
    }

    @Test(arguments: [
        ("Apr  1 00:00:00 2026 GMT", DoctorFinding.Outcome.pass), ("Jan 22 00:00:00 2026 GMT", .pass),
        ("Mar 18 00:00:00 2026 GMT", .warn), ("Mar  6 00:00:00 2026 GMT", .fail), ("Feb  1 00:00:00 2026 GMT", .fail),
        ("soon", .unknown),
    ])
    func certificatesThatEndSoonAreNamed(end: String, outcome: DoctorFinding.Outcome) throws {
        // Half way through the short one's life, and on the first of March otherwise.
        let now = end.hasPrefix("Jan") ? "Jan 12 00:00:00 2026 GMT" : "Mar  1 00:00:00 2026 GMT"
        let finding = CertificateChecks.verdict(
            certificate(end: end), host: "meet.example.org", isOwn: false,
            now: try #require(CertificateChecks.date(now)))
        #expect(finding.outcome == outcome, "\(finding.reason)")
    }

    @Test func certificatesOfOthersOrOfNobodyAreNamed() throws {
        let now = try #require(CertificateChecks.date("Feb  1 00:00:00 2026 GMT"))
        #expect(now.timeIntervalSince1970 == 1_769_904_000)
        func verdict(_ certificate: ServerCertificate, isOwn: Bool = false) -> DoctorFinding {
            CertificateChecks.verdict(certificate, host: "meet.example.org", isOwn: isOwn, now: now)
        }
        let end = "Apr  1 00:00:00 2026 GMT"
        #expect(verdict(certificate(end: end, names: ["*.example.org"])).outcome == .pass)
        #expect(verdict(certificate(end: end, names: ["*.org", "example.org"])).outcome == .fail)
        #expect(verdict(certificate(end: end, distrust: "self-signed")).outcome == .fail)
        #expect(verdict(certificate(end: end, distrust: "self-signed"), isOwn: true).outcome == .pass)
    }
}
