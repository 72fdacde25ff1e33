import Platform
import Testing

@Suite struct EnvironmentFileTests {
    @Test func readsEveryFormOfValue() throws {
        let file = try EnvironmentFile(
            text: """
                # comment

                BARE=a=b#c
                export EXPORTED=1 # comment
                  INDENTED=x\u{20}\u{20}
                EMPTY=
                EMPTY_QUOTED=""
                COMMENTED= # nothing
                SINGLE='a "b" \\n $HOME #'  # comment
                DOUBLE="a 'b' \\"c\\" \\\\ \\$HOME \\n\\t$HOME"
                CRLF=value\r
                UNICODE="Größe"
                exporter=2
                """, path: ".env")
        let values = file.entries.mapValues(\.value)
        #expect(
            values == [
                "BARE": "a=b#c", "EXPORTED": "1", "INDENTED": "x", "EMPTY": "", "EMPTY_QUOTED": "", "COMMENTED": "",
                "SINGLE": #"a "b" \n $HOME #"#, "DOUBLE": "a 'b' \"c\" \\ $HOME \n\t$HOME", "CRLF": "value",
                "UNICODE": "Größe", "exporter": "2",
            ])
        #expect(file.entries["EXPORTED"]?.line == 4)
    }

    @Test(arguments: [
        ("NAME", "NAME=value"), ("NAME = x", "valid name"), ("NAME= x", "space"), ("NAME=a b", "space"),
        ("1NAME=x", "valid name"), ("NA-ME=x", "valid name"), ("=x", "valid name"), ("NAME=\"open", "closing quote"),
        ("NAME='open", "closing quote"), ("NAME=\"a\"b", "after the closing quote"), ("NAME=a\"b\"", "quote"),
        ("NAME=\"\\x\"", "escape"), ("NAME=a\\b", "backslash"), ("NAME=\"a\\", "closing quote"),
        ("export", "NAME=value"),
        ("NAME='a'#b", "after the closing quote"), ("NAME=\u{1b}", "control"), ("\u{feff}NAME=x", "valid name"),
    ])
    func refusesWhatIsAmbiguous(line: String, reason: String) throws {
        let error = try #require(throws: EnvironmentFileError.self) {
            try EnvironmentFile(text: "OK=1\n" + line, path: "/etc/x.env")
        }
        #expect(error.problems.count == 1)
        #expect(error.description.hasPrefix("/etc/x.env, line 2: "))
        #expect(error.description.contains(reason))
    }

    @Test func reportsEveryWrongLineAndRepeatedNames() throws {
        let error = try #require(throws: EnvironmentFileError.self) {
            try EnvironmentFile(text: "A=1\nbroken\nA=2\nB='x", path: ".env")
        }
        #expect(error.problems.map(\.subject) == [".env, line 2:", ".env, line 3:", ".env, line 4:"])
        #expect(error.description.contains("A is already set in line 1"))
    }

    @Test func keepsTheLinesThatAreRightAndKnowsWhatTheOthersMeantToSet() throws {
        let error = try #require(throws: EnvironmentFileError.self) {
            try EnvironmentFile(text: "A=1\nexport B='x\nC = 2\nbroken\nD=4", path: ".env")
        }
        let rest = try #require(error.rest)
        #expect(rest.entries.mapValues(\.value) == ["A": "1", "D": "4"])
        #expect(rest.unreadableNames == ["B", "C"])
    }

    @Test func neverShowsValues() throws {
        let error = try #require(throws: EnvironmentFileError.self) {
            try EnvironmentFile(text: "SECRET='hunter2\nhunter2\nX=hunter2 hunter2", path: ".env")
        }
        #expect(!error.description.contains("hunter2"))
    }

    @Test func aMissingFileIsAProblem() throws {
        let error = try #require(throws: EnvironmentFileError.self) { try EnvironmentFile(path: "/nonexistent/.env") }
        #expect(error.description == "/nonexistent/.env can't be read: No such file or directory")
    }
}
