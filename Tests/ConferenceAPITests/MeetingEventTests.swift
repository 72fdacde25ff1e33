import Conference
import ConferenceTestSupport
import FoundationEssentials
import HTTPServer
import Platform
import Testing

@testable import ConferenceAPI

@Suite(.timeLimit(.minutes(1))) struct MeetingEventTests {
    private static let at = "\"at\":\"2026-03-01T09:00:00.000Z\""

    @Test func writesIDNameAndData() {
        let participant = ParticipantID(UUID(uuid: (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2)))
        let event = MeetingEvent(
            MeetingEvent.Name(rawValue: "test.said"), in: MeetingID(UUID()), at: FixedClock().now,
            data: [
                "text": .string("two\nlines"), "a": .integer(-3), "on": .bool(true), "no": .null,
                "list": .strings(["x"]), "participantId": .string(participant.description), "at": .integer(1),
            ])
        let text = EventStreamText.event(
            SentMeetingEvent(id: MeetingEventID(milliseconds: 12, sequence: 3), event: event))
        #expect(
            String(decoding: text, as: UTF8.self) == """
                id: 12-3
                event: test.said
                data: {\(Self.at),"a":-3,"list":["x"],"no":null,"on":true,\
                "participantId":"01000000-0000-0000-0000-000000000002","text":"two\\nlines"}


                """)
        #expect(event.concerned == nil, "only what happens to participants concerns them")
    }

    @Test func spreadsTheListenersOfAMeetingEvenlyOverTheLoops() async throws {
        let loops = try ["a", "b"].map { try EventLoop(name: $0) }
        for loop in loops { try loop.start() }
        defer { for loop in loops { loop.stop() } }
        let hub = MeetingEventHub(loops: loops, metrics: MetricsRegistry())
        let meeting = MeetingID(UUID())
        let add: @Sendable () async throws -> (MeetingEventHub.Person, MeetingListener) = {
            let person = MeetingEventHub.Person(meetingID: meeting, id: UUID())
            // All come to the first loop.
            return (person, try await loops[0].run { try await hub.add(person) { throw CancellationError() } })
        }
        var listeners: [(MeetingEventHub.Person, MeetingListener)] = []
        for _ in 0..<10 { listeners.append(try await add()) }
        #expect(listeners.filter { $0.1.loop === loops[0] }.count == 5)
        for (person, listener) in listeners where listener.loop === loops[1] {
            hub.remove(listener, of: person, after: .finished)
        }
        for _ in 0..<4 { #expect(try await add().1.loop === loops[1]) }
    }

    @Test func tellsEachOnlyWhatIsForThem() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let guest = try api.put(in: meeting.id, admitted: true)
            let waiting = try api.put(in: meeting.id, admitted: false)
            let host = try await api.listen(meeting.id, loop, as: api.ben)
            let inside = try await api.listen(meeting.id, loop, as: guest)
            let outside = try await api.listen(meeting.id, loop, as: waiting)
            #expect(host.ready == "0-0 ready {\"participantId\":null,\"admitted\":true,\"host\":true}")
            #expect(
                outside.ready == "0-0 ready {\"participantId\":\"\(waiting.id)\",\"admitted\":false,\"host\":false}")
            api.publish("test.all", in: meeting.id)
            api.publish("test.hosts", in: meeting.id, to: .hosts)
            api.publish("test.one", in: meeting.id, to: .participant(waiting.id))
            api.publish("test.elsewhere", in: MeetingID(UUID()))
            api.publish("reset", in: meeting.id, to: .hosts)
            #expect(host.next() == "1-0 test.all {\(Self.at)}")
            #expect(host.next() == "2-0 test.hosts {\(Self.at)}")
            #expect(inside.next() == "1-0 test.all {\(Self.at)}")
            #expect(outside.next() == "3-0 test.one {\(Self.at)}")
            for listener in [host, inside, outside] { #expect(listener.next() == "5-0 reset {\(Self.at)}") }
        }
    }

    @Test func goesOnWhereTheClientWas() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            for name in ["test.one", "test.two", "test.three"] { api.publish(name, in: meeting.id) }
            api.publish("test.hidden", in: meeting.id, to: .participant(ParticipantID(UUID())))
            let resumed = try await api.listen(meeting.id, loop, as: api.ben, after: "1-0")
            #expect(resumed.ready.hasPrefix("ready "), "who loses the connection now must get the rest again")
            #expect(resumed.next() == "2-0 test.two {\(Self.at)}")
            #expect(resumed.next() == "3-0 test.three {\(Self.at)}")
            let current = try await api.listen(meeting.id, loop, as: api.ben)
            #expect(current.ready.hasPrefix("4-0 ready "))
            for place in ["77-0", "99999999999999999999-0", "nonsense"] {
                let lost = try await api.listen(meeting.id, loop, as: api.ada, after: place)
                #expect(lost.ready.hasPrefix("ready "))
                #expect(lost.next() == "4-0 reset {\(Self.at)}")
            }
            api.eventLog.isAway = true
            resumed.leave()
            _ = await resumed.ended()
            let blind = try await api.listen(meeting.id, loop, as: api.ben, after: "1-0")
            #expect(blind.ready.hasPrefix("ready "))
            #expect(blind.next() == "reset {\(Self.at)}")
            let new = try await api.listen(meeting.id, loop, as: api.ben)
            api.publish("test.new", in: meeting.id)
            #expect(new.next() == "5-0 test.new {\(Self.at)}")
        }
    }

    @Test func passesOverWhatCameAlready() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let listener = try await api.listen(meeting.id, loop, as: api.ben)
            let sent = api.eventLog.append(
                MeetingEvent(MeetingEvent.Name(rawValue: "test.once"), in: meeting.id, at: FixedClock().now))
            api.hub.receive(sent)
            api.hub.receive(sent)
            api.publish("test.next", in: meeting.id)
            #expect(listener.next() == "1-0 test.once {\(Self.at)}")
            #expect(listener.next() == "2-0 test.next {\(Self.at)}")
        }
    }

    @Test func endsAfterTheLastEventOfSomeoneWhoIsOut() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let guest = try api.put(in: meeting.id, admitted: true)
            let listener = try await api.listen(meeting.id, loop, as: guest)
            api.meetings.put(guest.changed(left: true))
            api.publish("participant.removed", in: meeting.id, to: .participant(guest.id), about: guest.id)
            api.publish("test.secret", in: meeting.id)
            #expect(listener.next().hasPrefix("1-0 participant.removed"))
            #expect(listener.next() == "end {\"reason\":\"not_in_meeting\",\"reconnect\":false}")
            #expect(listener.next() == "")
            #expect(await listener.ended()?.reason == .finished)
            let refused = TestListener.Refused(status: 403, code: "not_in_meeting")
            await #expect(throws: refused) { try await api.listen(meeting.id, loop, as: guest) }
        }
    }

    @Test func noticesALeaveThatOnlyOthersWereToldOf() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let waiting = try api.put(in: meeting.id, admitted: false)
            let listener = try await api.listen(meeting.id, loop, as: waiting)
            api.meetings.put(waiting.changed(left: true))
            api.publish("participant.left", in: meeting.id, to: .hosts, about: waiting.id)
            #expect(listener.next() == "end {\"reason\":\"not_in_meeting\",\"reconnect\":false}")
        }
    }

    @Test func changesOfRoleTakeEffectOnRunningStreams() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let grace = try api.put(in: meeting.id, admitted: false)
            let listener = try await api.listen(meeting.id, loop, as: grace)
            api.publish("test.unseen", in: meeting.id)
            api.meetings.put(grace.changed(role: .guest, admitted: true))
            api.publish("participant.admitted", in: meeting.id, to: .participant(grace.id), about: grace.id)
            api.publish("test.all", in: meeting.id)
            #expect(listener.next().hasPrefix("2-0 participant.admitted"))
            #expect(listener.next() == "3-0 test.all {\(Self.at)}")
            api.meetings.put(grace.changed(role: .host, admitted: true))
            api.publish("participant.role_changed", in: meeting.id, about: grace.id)
            api.publish("test.hosts", in: meeting.id, to: .hosts)
            #expect(listener.next().hasPrefix("4-0 participant.role_changed"))
            #expect(listener.next() == "5-0 test.hosts {\(Self.at)}")
            api.meetings.put(grace.changed(role: .guest, admitted: true))
            api.publish("participant.role_changed", in: meeting.id, about: grace.id)
            api.publish("test.hosts", in: meeting.id, to: .hosts)
            api.publish("test.all", in: meeting.id)
            #expect(listener.next().hasPrefix("6-0 participant.role_changed"))
            #expect(listener.next() == "8-0 test.all {\(Self.at)}")
        }
    }

    @Test func asksToComeBackWhenNobodyKnowsWhoMayListen() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let guest = try api.put(in: meeting.id, admitted: true)
            let listener = try await api.listen(meeting.id, loop, as: guest)
            api.meetings.outage = .unavailable(service: "database", cause: "test")
            api.publish("participant.muted", in: meeting.id, about: guest.id)
            #expect(listener.next().hasPrefix("1-0 participant.muted"))
            #expect(listener.next() == "end {\"reason\":\"renew\",\"reconnect\":true}")
            #expect(listener.next() == "")
        }
    }

    @Test func endsWithTheMeeting() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let host = try await api.listen(meeting.id, loop, as: api.ben)
            let guest = try await api.listen(meeting.id, loop, as: try api.put(in: meeting.id, admitted: true))
            _ = try await api.meetings.end(meeting.id, at: FixedClock().now)
            api.publish("meeting.ended", in: meeting.id)
            for listener in [host, guest] {
                #expect(listener.next() == "1-0 meeting.ended {\(Self.at)}")
                #expect(listener.next() == "end {\"reason\":\"meeting_ended\",\"reconnect\":false}")
                #expect(listener.next() == "")
            }
            let refused = TestListener.Refused(status: 409, code: "meeting_ended")
            await #expect(throws: refused) { try await api.listen(meeting.id, loop, as: api.ben) }
        }
    }

    @Test func tellsOfWhatMayBeMissing() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let listener = try await api.listen(meeting.id, loop, as: api.ben)
            api.hub.mayHaveMissedEvents()
            #expect(listener.next().hasPrefix("reset "))
        }
    }

    @Test func limitsTheStreamsOfOnePersonAndFreesTheirPlaces() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let guest = try api.put(in: meeting.id, admitted: true)
            var listeners: [TestListener] = []
            for _ in 0..<Limits.eventStreamsPerPerson {
                listeners.append(try await api.listen(meeting.id, loop, as: guest))
            }
            let refused = TestListener.Refused(status: 429, code: "too_many_streams")
            await #expect(throws: refused) { try await api.listen(meeting.id, loop, as: guest) }
            _ = try await api.listen(meeting.id, loop, as: api.ben)
            listeners[0].leave()
            #expect(await listeners[0].ended()?.reason == .clientLeft)
            _ = try await api.listen(meeting.id, loop, as: guest)
            let metrics = api.metrics.render()
            #expect(metrics.contains("meeting_event_streams_ended_total{reason=\"client left\"}"))
            #expect(metrics.contains("meeting_event_listeners "))
        }
    }

    @Test func isLoggedAtItsEnd() async throws {
        try await TestAPI.withEvents { api, loop, meeting in
            let listener = try await api.listen(meeting.id, loop, as: api.ben)
            #expect(!api.sink.entries.contains { $0.fields["http_route"]?.hasSuffix("/events") == true })
            api.publish("test.all", in: meeting.id)
            _ = listener.next()
            listener.leave()
            _ = await listener.ended()
            let line = try #require(api.sink.entries.first { $0.fields["http_route"]?.hasSuffix("/events") == true })
            #expect(line.fields["stream_end"] == "client left")
            #expect(line.fields["events"] == "2")
            #expect(line.fields["meeting_id"] == meeting.id.description)
        }
    }
}

extension TestAPI {
    /// Puts a guest into a meeting, or into its lobby.
    fileprivate func put(in meeting: MeetingID, admitted: Bool) throws -> Participant {
        let now = FixedClock().now
        let guest = Participant(
            id: ParticipantID(UUIDv7Generator().next()), meetingID: meeting, accountID: nil, role: .guest,
            displayName: try DisplayName("Grace"), joinedAt: now, admittedAt: admitted ? now : nil,
            seatHeldUntil: admitted ? now + 60 : nil)
        meetings.put(guest)
        return guest
    }

    fileprivate func listen(
        _ meeting: MeetingID, _ loop: EventLoop, as guest: Participant, after place: String? = nil
    ) async throws -> TestListener {
        let key = PlainKeys().key(
            for: ParticipantClaim(
                meetingID: meeting, participantID: guest.id, expiresAt: FixedClock().now + 3600))
        return try await listen(meeting, loop, ["Authorization": "Bearer \(key)"], after: place)
    }

    fileprivate func listen(
        _ meeting: MeetingID, _ loop: EventLoop, as account: AccountID, after place: String? = nil
    ) async throws -> TestListener {
        try await listen(meeting, loop, ["Cookie": "session=\(try await cookie(of: account))"], after: place)
    }

    private func listen(
        _ meeting: MeetingID, _ loop: EventLoop, _ headers: HTTPHeaders, after place: String?
    ) async throws -> TestListener {
        var headers = headers
        headers["Last-Event-ID"] = place
        return try await TestListener(self, meeting, on: loop, headers: headers)
    }
}

extension Participant {
    fileprivate func changed(
        role: ParticipantRole? = nil, admitted: Bool? = nil, left: Bool = false
    ) -> Participant {
        let now = FixedClock().now
        return Participant(
            id: id, meetingID: meetingID, accountID: accountID, role: role ?? self.role, displayName: displayName,
            joinedAt: joinedAt, admittedAt: admitted.map { $0 ? now : nil } ?? admittedAt,
            seatHeldUntil: seatHeldUntil, leftAt: left ? now : nil)
    }
}
