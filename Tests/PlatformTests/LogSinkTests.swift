import CLinux
import Glibc
import Testing

@testable import Platform

@Suite struct LogSinkTests {
    private let time: @Sendable () -> timespec = { timespec(tv_sec: 1_772_334_245, tv_nsec: 67_000_000) }

    @Test func textLineHasTimeLevelComponentMessageAndFieldsInTheirOrder() throws {
        let pipe = try Pipe()
        let sink = TextSink(descriptor: pipe.writeEnd, colours: false, now: time)
        Logger(component: "postgres", sink: sink).info("connected", ["server": "18.6 (Debian)", "attempt": "1"])
        #expect(
            try pipe.readLine()
                == "2026-03-01T03:04:05.067Z INFO  postgres: connected server=\"18.6 (Debian)\" attempt=1\n")
    }

    @Test func coloursSurroundTheLevelOnly() throws {
        let pipe = try Pipe()
        Logger(component: "a", sink: TextSink(descriptor: pipe.writeEnd, colours: true, now: time)).error("broken")
        #expect(try pipe.readLine() == "2026-03-01T03:04:05.067Z \u{1b}[31mERROR\u{1b}[0m a: broken\n")
    }

    @Test func noColoursWhenNotOnATerminal() throws {
        let pipe = try Pipe()
        Logger(component: "a", sink: TextSink(descriptor: pipe.writeEnd)).error("broken")
        #expect(try !pipe.readLine().contains("\u{1b}"))
    }

    @Test(arguments: [0x00, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x202e] as [UInt32])
    func noControlCharacterGetsIntoALine(code: UInt32) throws {
        let value = try "a\(#require(Unicode.Scalar(code)))forged"
        let pipe = try Pipe()
        for sink in [TextSink(descriptor: pipe.writeEnd, colours: false), JSONSink(descriptor: pipe.writeEnd)]
            as [any LogSink]
        {
            Logger(component: "a", sink: sink).info("m", ["key": value, value: "v"])
            let line = try pipe.readLine()
            let unsafe = line.unicodeScalars.dropLast().filter {
                $0.value < 0x20 || (0x7f...0x9f).contains($0.value) || (0x2028...0x202e).contains($0.value)
            }
            #expect(unsafe.isEmpty)
            #expect(line.hasSuffix("\n"))
        }
    }

    @Test func jsonLineKeepsReservedNamesApart() throws {
        let pipe = try Pipe()
        let sink = JSONSink(descriptor: pipe.writeEnd, now: time)
        Logger(component: "http", sink: sink).warning("slow", ["level": "x\"y", "status": "200"])
        #expect(
            try pipe.readLine() == """
                {"time":"2026-03-01T03:04:05.067Z","level":"warning","component":"http","message":"slow",\
                "field_level":"x\\"y","status":"200"}

                """)
    }

    @Test func longValuesAreCut() throws {
        let pipe = try Pipe()
        let value = String(repeating: "x", count: 50_000)
        Logger(component: "a", sink: TextSink(descriptor: pipe.writeEnd)).info("m", ["key": value])
        let line = try pipe.readLine()
        #expect(line.utf8.count < 9000)
        #expect(line.hasSuffix("...\"\n"))
    }

    @Test func aClosedPipeCostsTheLineOnly() throws {
        let pipe = try Pipe()
        pipe.closeReadEnd()
        let writer = LineWriter(descriptor: pipe.writeEnd)
        writer.write(Array("lost\n".utf8))
        #expect(writer.droppedLines == 1)
    }

    @Test func aFullPipeCostsTheLineOnly() throws {
        let pipe = try Pipe()
        #expect(fcntl(pipe.writeEnd, F_SETFL, O_NONBLOCK) == 0)
        let writer = LineWriter(descriptor: pipe.writeEnd)
        let line = [UInt8](repeating: 0x61, count: 40_000) + [0x0a]
        writer.write(line)
        writer.write(line)
        #expect(writer.droppedLines == 1)
        #expect(try pipe.readLine().utf8.count == 40_001)
        writer.write(Array("next\n".utf8))
        #expect(try pipe.readLine().utf8.count < 40_001)
        #expect(try pipe.readLine() == "next\n")
    }

    @Test func journalFieldsAreCapitalsAndTheMessageShowsEverything() throws {
        let sent = Sent()
        let sink = JournalSink(identifier: "lc", send: { sent.take($0) }, fallback: TextSink(colours: false))
        let log = Logger(component: "http", sink: sink)
        log.notice(
            "request", ["request_id": "r1", "http.status": "200", "message": "inner\nline", "_pid": "1", "9x": "y"])
        let fields = Set(sent.fields)
        #expect(
            fields == [
                "MESSAGE=http: request request_id=r1 http.status=200 message=\"inner\\nline\" _pid=1 9x=y",
                "PRIORITY=5",
                "SYSLOG_IDENTIFIER=lc", "COMPONENT=http", "REQUEST_ID=r1", "HTTP_STATUS=200",
                "FIELD_MESSAGE=inner\nline", "FIELD__PID=1", "FIELD_9X=y",
            ])
    }

    @Test func whatTheJournalRefusesIsWrittenAsText() throws {
        let pipe = try Pipe()
        let fallback = TextSink(descriptor: pipe.writeEnd, colours: false)
        let sink = JournalSink(identifier: "lc", send: { _ in false }, fallback: fallback)
        Logger(component: "a", sink: sink).info("kept")
        #expect(try pipe.readLine().hasSuffix("INFO  a: kept\n"))
    }

    @Test func automaticFormatFollowsTheStream() throws {
        let pipe = try Pipe()
        var status = stat()
        fstat(pipe.writeEnd, &status)
        let stream = "\(status.st_dev):\(status.st_ino)"
        #expect(LogFormat.auto.resolved(descriptor: pipe.writeEnd, journalStream: stream) == .journal)
        #expect(LogFormat.auto.resolved(descriptor: pipe.writeEnd, journalStream: "1:1") == .json)
        #expect(LogFormat.auto.resolved(descriptor: pipe.writeEnd, journalStream: nil) == .json)
        #expect(LogFormat.text.resolved(descriptor: pipe.writeEnd, journalStream: stream) == .text)
    }

    @Test func entriesBelowTheLevelAreDropped() {
        let sink = CollectingSink()
        let log = Logger(component: "a", level: .warning, fields: ["x": "1"], sink: sink)
        log.info("quiet")
        log.with(component: "b", fields: ["y": "2"]).error("loud", ["x": "3"])
        #expect(sink.messages == ["loud"])
        #expect(sink.entries.first?.fields == ["x": "3", "y": "2"])
    }
}
