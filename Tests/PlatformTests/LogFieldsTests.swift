import Testing

@testable import Platform

@Suite struct LogFieldsTests {
    @Test func settingReplacesInPlaceAndNilRemoves() {
        var fields: LogFields = ["a": "1", "b": "2", "c": "3"]
        fields["b"] = "new"
        fields["a"] = nil
        fields["d"] = "4"
        #expect(fields == ["b": "new", "c": "3", "d": "4"])
        #expect(fields["a"] == nil)
    }

    @Test func nilIsNotAdded() {
        var fields = LogFields()
        fields.add("a", nil)
        fields.add("b", "1")
        #expect(fields.map(\.name) == ["b"])
    }

    @Test func theEntrysOwnFieldWinsOverTheLoggers() {
        let merged = (["x": "1", "y": "2"] as LogFields).merging(["z": "3", "x": "4"])
        #expect(merged == ["x": "4", "y": "2", "z": "3"])
    }
}
