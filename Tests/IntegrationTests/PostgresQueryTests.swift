import FoundationEssentials
import Platform
import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)))
struct PostgresQueryTests {
    private enum Colour: String, PostgresEncodable, PostgresDecodable { case red, green }

    /// Text at the first run, where the columns aren't known yet, binary from the second on: both must read the same.
    @Test func readsEveryTypeInBothFormats() async throws {
        let id = try #require(UUID(uuidString: "0192F0C1-7E5A-7B1C-9D3E-0123456789AB"))
        let date = Date(timeIntervalSinceReferenceDate: 812_345_678.123456)
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.withConnection { connection in
                    for _ in 0..<3 {
                        let rows = try await connection.query(
                            """
                            SELECT $1::bool AS a, $2::int2 AS b, $3::int4 AS c, $4::int8 AS d, $5::float8 AS e, $6::text AS f,
                                $7::bytea AS g, $8::uuid AS h, $9::timestamptz AS i, $10::text[] AS j, $11::jsonb AS k,
                                $12::text AS l, $13::float4 AS m, $14::uuid[] AS n, $15::int8[] AS o, $16::text AS p
                            """,
                            [
                                true, Int16(-3), Int32(70_000), Int.max, 0.1, "zoë \"q\" \\ 🙂", [UInt8]([0, 1, 255]),
                                id, date,
                                ["", "a,b", "{\"x\"}", "NULL", "c\\d", "é"], PostgresJSON(#"{"a": [1, 2]}"#), nil, 1.5,
                                [id],
                                [1, -2, 3], Colour.green,
                            ])
                        let row = try #require(rows.first)
                        #expect(try row.get("a", as: Bool.self))
                        #expect(try row.get("b", as: Int16.self) == -3)
                        #expect(try row.get("c", as: Int32.self) == 70_000)
                        #expect(try row.get("d", as: Int.self) == .max)
                        #expect(try row.get("e", as: Double.self) == 0.1)
                        #expect(try row.get("f", as: String.self) == "zoë \"q\" \\ 🙂")
                        #expect(try row.get("g", as: [UInt8].self) == [0, 1, 255])
                        #expect(try row.get("h", as: UUID.self) == id)
                        #expect(try row.get("h", as: String.self) == "0192f0c1-7e5a-7b1c-9d3e-0123456789ab")
                        let read = try row.get("i", as: Date.self)
                        #expect(abs(read.timeIntervalSince(date)) < 0.000_001)
                        #expect(
                            try row.get("j", as: [String].self) == ["", "a,b", "{\"x\"}", "NULL", "c\\d", "é"])
                        #expect(try row.get("k", as: PostgresJSON.self).text == #"{"a": [1, 2]}"#)
                        #expect(try row.get("l", as: String?.self) == nil)
                        #expect(try row.get("m", as: Double.self) == 1.5)
                        #expect(try row.get("n", as: [UUID].self) == [id])
                        #expect(try row.get("o", as: [Int].self) == [1, -2, 3])
                        #expect(try row.get(15, as: Colour.self) == .green)
                    }
                }
            }
        }
    }

    @Test func readsWhatHasOnlyATextForm() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.withConnection { connection in
                    try await connection.execute("CREATE TYPE mood AS ENUM ('calm', 'wild')")
                    for _ in 0..<2 {
                        let rows = try await connection.query(
                            """
                            SELECT '10.1.2.3'::inet AS address, 1.50::numeric AS price, sum(n) AS total, 'wild'::mood AS mood,
                                now() AS moment, '\\x00ff'::bytea AS bytes, ARRAY['x', 'y'] AS words
                            FROM generate_series(1::int8, 4) AS n
                            """)
                        let row = try #require(rows.first)
                        #expect(try row.get("address", as: String.self) == "10.1.2.3")
                        #expect(try row.get("price", as: Double.self) == 1.5)
                        #expect(try row.get("price", as: String.self) == "1.50")
                        #expect(try row.get("total", as: Int.self) == 10)
                        #expect(try row.get("mood", as: String.self) == "wild")
                        #expect(abs(try row.get("moment", as: Date.self).timeIntervalSinceNow) < 60)
                        #expect(try row.get("bytes", as: [UInt8].self) == [0, 255])
                        #expect(try row.get("words", as: [String].self) == ["x", "y"])
                    }
                }
            }
        }
    }

    @Test func namesColumnAndTypesWhenAValueCannotBeRead() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                for _ in 0..<2 {
                    let rows = try await postgres.query(
                        """
                        SELECT 'x'::text AS word, NULL::text AS nothing, 70000::int4 AS large, 'infinity'::timestamptz AS never,
                            ARRAY['a', NULL] AS holes, now() AS moment
                        """)
                    let row = try #require(rows.first)
                    func message<Value: PostgresDecodable>(_ name: String, _ type: Value.Type) -> String {
                        do {
                            return "read \(try row.get(name, as: type))"
                        } catch {
                            return "\(error)"
                        }
                    }
                    #expect(message("word", Int.self) == "column word: expected Int, found text")
                    #expect(message("nothing", String.self) == "column nothing: expected String, found null")
                    #expect(
                        message("large", Int16.self) == "column large: expected Int16, found integer that it can't hold"
                    )
                    #expect(message("never", Date.self).contains("column never: expected Date"))
                    #expect(message("holes", [String].self).contains("null"))
                    #expect(message("moment", String.self) == "column moment: expected String, found timestamptz")
                    #expect(message("absent", Int.self) == "column absent: expected Int, found no column of this name")
                    #expect(throws: PostgresError.self) { try row.get(6, as: Int.self) }
                }
            }
        }
    }

    @Test func reportsWhatTheServerRefuses() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, n int CONSTRAINT n_positive CHECK (n > 0))")
                #expect(try await postgres.execute("INSERT INTO t VALUES (1, 1), (2, 2)") == 2)
                let unique = await #expect(throws: PostgresError.self) {
                    try await postgres.execute("INSERT INTO t VALUES ($1, $2)", [1, 5])
                }
                #expect(unique?.sqlState == .uniqueViolation)
                #expect(unique?.constraint == "t_pkey")
                let check = await #expect(throws: PostgresError.self) {
                    try await postgres.execute("INSERT INTO t VALUES ($1, $2)", [3, -5])
                }
                #expect(check?.constraint == "n_positive")
                #expect(check?.description.contains("-5") == false)
                let syntax = await #expect(throws: PostgresError.self) { try await postgres.query("SELEKT 1") }
                #expect(syntax?.sqlState == .syntaxError)
                await #expect(throws: PostgresError.self) { try await postgres.query("SELECT $1::int + $2::int", [1]) }
                #expect(try await postgres.query("SELECT 1 AS one").first?.get("one", as: Int.self) == 1)
                #expect(postgres.statistics.size == 1, "an error of a statement must not cost its connection")
            }
        }
    }

    @Test func refusesWhatCannotBeSent() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                let nul = await #expect(throws: PostgresError.self) {
                    try await postgres.query("SELECT $1::text", ["a\0b"])
                }
                #expect(nul?.description.contains("NUL") == true)
                let many = await #expect(throws: PostgresError.self) {
                    try await postgres.query("SELECT 1", Array(repeating: 1, count: 70_000))
                }
                #expect(many?.description.contains("65535") == true)
                await #expect(throws: PostgresError.self) { try await postgres.query("SELECT 1\0") }
                await #expect(throws: PostgresError.self) {
                    try await postgres.query("SELECT $1::bytea", [[UInt8](repeating: 0, count: 65 * 1024 * 1024)])
                }
                let alive = try await postgres.query("SELECT 1")
                #expect(alive.count == 1)
            }
        }
    }

    @Test func takesAsManyParametersAsTheProtocol() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                let list = (1...65_535).map { "$\($0)::int" }.joined(separator: ",")
                let rows = try await postgres.query(
                    "SELECT count(*) AS n FROM unnest(ARRAY[\(list)])", Array(repeating: 7, count: 65_535))
                #expect(try rows.first?.get("n", as: Int.self) == 65_535)
            }
        }
    }

    @Test func carriesHugeValuesBothWays() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                var bytes = [UInt8](repeating: 0xa5, count: 20_000_000)
                for position in stride(from: 0, to: bytes.count, by: 4099) { bytes[position] = UInt8(position & 0xff) }
                for _ in 0..<2 {
                    let rows = try await postgres.query("SELECT $1::bytea AS bytes", [bytes])
                    #expect(try rows.first?.get("bytes", as: [UInt8].self) == bytes)
                }
                let text = String(repeating: "é", count: 5_000_000)
                let rows = try await postgres.query("SELECT $1::text AS text", [text])
                #expect(try rows.first?.get("text", as: String.self) == text)
            }
        }
    }

    @Test func givesManyRows() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                let rows = try await postgres.query(
                    "SELECT n, 'row ' || n AS text FROM generate_series(1, 200000) AS n")
                #expect(rows.count == 200_000)
                #expect(try rows[199_999].get("text", as: String.self) == "row 200000")
            }
        }
    }

    @Test func preparesOnceAndKeepsALimitedNumber() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres {
                $0.poolSize = 1
                $0.preparedStatementLimit = 10
            } _: { postgres in
                for _ in 0..<3 {
                    for number in 0..<25 {
                        let rows = try await postgres.query("SELECT \(number) AS number")
                        #expect(try rows.first?.get("number", as: Int.self) == number)
                    }
                }
                for _ in 0..<5 { _ = try await postgres.query("SELECT 24 AS number") }
                let rows = try await postgres.query("SELECT count(*) AS n FROM pg_prepared_statements")
                // Those in the cache, and the one that made room for the last, dropped with the next preparation.
                #expect(try #require(rows.first).get("n", as: Int.self) <= 11)
            }
        }
    }

    @Test func survivesAChangedTable() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres {
                $0.poolSize = 1
            } _: { postgres in
                try await postgres.execute("CREATE TABLE t (a int)")
                try await postgres.execute("INSERT INTO t VALUES (1)")
                for _ in 0..<3 { #expect(try await postgres.query("SELECT * FROM t")[0].columnNames == ["a"]) }
                try await postgres.execute("ALTER TABLE t ADD COLUMN b text DEFAULT 'new'")
                for _ in 0..<3 {
                    #expect(try await postgres.query("SELECT * FROM t")[0].get("b", as: String.self) == "new")
                }
                try await postgres.execute("ALTER TABLE t ADD COLUMN c int")
                _ = try? await postgres.withTransaction { try await $0.query("SELECT * FROM t") }
                let inTransaction = try await postgres.withTransaction { try await $0.query("SELECT * FROM t") }
                #expect(inTransaction[0].columnNames == ["a", "b", "c"], "one transaction fails, not all that follow")
                try await postgres.withConnection { try await $0.executeScript("DISCARD ALL") }
                #expect(try await postgres.query("SELECT * FROM t").count == 1)
            }
        }
    }

    @Test func runsScriptsOfManyStatements() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.withConnection { connection in
                    try await connection.executeScript("CREATE TABLE a (n int); INSERT INTO a VALUES (1); -- done")
                    #expect(try await connection.query("SELECT * FROM a").count == 1)
                    await #expect(throws: PostgresError.self) {
                        try await connection.executeScript("INSERT INTO a VALUES (2); SELECT 1/0")
                    }
                    #expect(try await connection.query("SELECT * FROM a").count == 1)
                }
            }
        }
    }

    @Test func dropsAConnectionThatWasAskedToCopy() async throws {
        try await PostgresTestDatabase.with { database in
            try await database.withPostgres { postgres in
                try await postgres.execute("CREATE TABLE a (n int)")
                for sql in ["COPY a FROM STDIN", "COPY a TO STDOUT"] {
                    let error = await #expect(throws: PostgresError.self) { try await postgres.execute(sql) }
                    #expect(error?.code == "postgres.misuse")
                }
                let alive = try await postgres.query("SELECT 1")
                #expect(alive.count == 1)
            }
        }
    }
}
