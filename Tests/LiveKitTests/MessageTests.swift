import FoundationEssentials
import Testing

@testable import LiveKit

/// Both spellings of protobuf's JSON say the same.
struct MessageTests {
    private func decode<Message: Decodable>(_ text: String, as type: Message.Type = Message.self) throws -> Message {
        try ProtobufJSON.decode(type, from: Array(text.utf8))
    }

    @Test func spellingsOfARoomSayTheSame() throws {
        let camel: RoomInfo = try decode(
            #"{"sid":"RM_x","name":"r1","creationTimeMs":"1700000000123","numParticipants":2,"activeRecording":true}"#)
        let snake: RoomInfo = try decode(
            #"{"sid":"RM_x","name":"r1","creation_time_ms":1700000000123,"num_participants":2,"active_recording":true}"#
        )
        #expect(camel == snake)
        #expect(camel.createdAt == Date(timeIntervalSince1970: 1_700_000_000.123))
    }

    @Test func secondsServeWhereMillisecondsAreMissing() throws {
        let room: RoomInfo = try decode(#"{"creationTime":"1700000000"}"#)
        #expect(room.createdAt == Date(timeIntervalSince1970: 1_700_000_000))
    }

    @Test func emptyMessageIsAllDefaults() throws {
        let participant: ParticipantInfo = try decode("{}")
        #expect(participant.sid == "")
        #expect(participant.kind == "STANDARD")
        #expect(participant.joinedAt == nil)
        #expect(participant.tracks.isEmpty)
    }

    @Test func attributesKeepTheirNames() throws {
        let participant: ParticipantInfo = try decode(#"{"attributes":{"hand_raised":"1","snakeCase":"2"}}"#)
        #expect(participant.attributes == ["hand_raised": "1", "snakeCase": "2"])
    }

    @Test func enumerationWithoutANameIsItsNumber() throws {
        let participant: ParticipantInfo = try decode(#"{"kind":99,"disconnectReason":"UNKNOWN_REASON"}"#)
        #expect(participant.kind == "99")
        #expect(participant.disconnectReason == nil)
    }

    @Test func finishedEgress() throws {
        let egress: EgressInfo = try decode(
            """
            {"egressId":"EG_abc","status":"EGRESS_COMPLETE","startedAt":"1700000000000000000",
             "endedAt":"1700000060000000000","roomName":"r1","fileResults":[{"filename":"rec/r1.mp4",
             "size":"123456","location":"http://s3/rec/r1.mp4","duration":"60000000000"}]}
            """)
        #expect(egress.egressID == "EG_abc")
        #expect(egress.status == "EGRESS_COMPLETE")
        #expect(egress.startedAt == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(egress.endedAt == Date(timeIntervalSince1970: 1_700_000_060))
        #expect(egress.files.map(\.filename) == ["rec/r1.mp4"])
        #expect(egress.files[0].size == 123_456)
        #expect(egress.files[0].duration == .seconds(60))
    }

    @Test func olderServersNameTheOneFile() throws {
        let egress: EgressInfo = try decode(#"{"egress_id":"EG_abc","file":{"filename":"a.mp4","size":7}}"#)
        #expect(egress.files.map(\.filename) == ["a.mp4"])
        #expect(egress.files[0].size == 7)
    }

    @Test(arguments: [#"{"creationTimeMs":"soon"}"#, #"{"creationTimeMs":true}"#, #"{"name":5}"#, "[]", "nonsense"])
    func otherTypesAreRefused(text: String) {
        #expect(throws: DecodingError.self) { try decode(text, as: RoomInfo.self) }
    }

    @Test func reasonNamesThePlaceAndNotTheContent() throws {
        let error = try #require(throws: DecodingError.self) {
            try decode(#"{"rooms":[{"name":{"secret":1}}]}"#, as: RoomList.self)
        }
        let reason = ProtobufJSON.reason(of: error)
        #expect(reason.hasSuffix("name has another type"))
        #expect(!reason.contains("secret"))
    }
}
