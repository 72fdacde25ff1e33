import FoundationEssentials
import Testing

@testable import Postgres

@Suite struct PostgresTimestampTests {
    private func parse(_ text: String) -> PostgresTimestamp? {
        Array(text.utf8).withUnsafeBytes { PostgresTimestamp(text: $0) }
    }

    @Test(arguments: [
        ("2000-01-01 00:00:00+00", 0), ("2001-01-01 00:00:00+00", 31_622_400_000_000),
        ("1999-12-31 23:59:59.999999+00", -1), ("2000-01-01 02:00:00+02", 0), ("2000-01-01 00:00:00.5+00", 500_000),
        ("1999-12-31 20:30:00-03:30", 0), ("2024-02-29 12:00:00+00", 762_523_200_000_000),
        ("0001-01-01 00:00:00+00", -63_082_281_600_000_000),
    ])
    func readsTheTextForm(_ text: String, _ microseconds: Int64) {
        #expect(parse(text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "infinity", "2000-01-01", "2000-01-01 00:00:00", "2000-01-01 00:00:00+00 BC", "2000-01-01 0x:00:00+00",
    ])
    func refusesWhatIsNoTimestamp(_ text: String) {
        #expect(parse(text) == nil)
    }

    @Test func writesWhatItReads() {
        for _ in 0..<5000 {
            let timestamp = PostgresTimestamp(
                microseconds: .random(in: -63_082_281_600_000_000..<252_455_616_000_000_000))
            #expect(parse(timestamp.text) == timestamp, "\(timestamp.text)")
        }
    }

    @Test func keepsMicrosecondsThroughADate() {
        for _ in 0..<5000 {
            // From 1950 to 2200.
            let timestamp = PostgresTimestamp(microseconds: .random(in: -1_577_880_000_000_000..<6_311_520_000_000_000))
            #expect(PostgresTimestamp(timestamp.date) == timestamp)
        }
    }

    @Test func refusesDatesThatPostgreSQLWouldWriteOtherwise() {
        #expect(PostgresTimestamp(Date.distantPast) == nil)
        #expect(PostgresTimestamp(Date(timeIntervalSinceReferenceDate: 1e15)) == nil)
        #expect(PostgresTimestamp(Date(timeIntervalSinceReferenceDate: .infinity)) == nil)
        #expect(PostgresTimestamp(Date(timeIntervalSinceReferenceDate: .nan)) == nil)
    }
}
