import Conference
import ConferenceStores
import FoundationEssentials
import HTTPClient
import LiveKit

/// Goes the way that a meeting goes, with a meeting of its own: the running API, the database, LiveKit, its webhooks, the recorder and
/// the bucket all have to do their part. What it made it deletes, whatever happens.
final class Canary {
    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private let parts: CanaryParts
    private let patience: Duration
    private let onStep: (CanaryReport.Step) -> Void
    private let clock = ContinuousClock()
    private(set) var report = CanaryReport()

    private var meeting: Meeting?
    private var connection: SignallingConnection?
    private var recording: RecordingID?

    /// - Parameters:
    ///   - patience: how long to wait for each thing that others have to do.
    ///   - onStep: hears of each step when it is over.
    init(_ parts: CanaryParts, patience: Duration, onStep: @escaping (CanaryReport.Step) -> Void) {
        self.parts = parts
        self.patience = patience
        self.onStep = onStep
    }

    /// Stops at the first step that fails, and then cleans up. A cancelled task cleans up, too.
    func run() async {
        do {
            try await step("backend") { try await self.parts.checkBackend() }
            let owner = try await step("meeting") { try await self.createMeeting() }
            try await join(owner)
            try await step("webhook") { try await self.awaitWebhook() }
            try await record(owner)
        } catch {
            // The step has said it.
        }
        let cleaning = CanaryCleaning(parts: parts, patience: patience, meeting: meeting, recording: recording)
        connection = nil
        guard meeting != nil else { return }
        // Not cancelled with whoever waits for it.
        try? await step("clean-up") { try await Task { try await cleaning.run() }.value }
    }

    // MARK: Steps

    private func createMeeting() async throws -> (String, Principal) {
        guard let owner = try await parts.records.owner() else {
            throw Failure("there is no administrator to own the meeting; livekit-conference user add --admin makes one")
        }
        let meeting = try await parts.live.meetings.create(MeetingDraft(title: "Canary"), by: owner)
        self.meeting = meeting
        return ("\(meeting.id)", owner)
    }

    private func join(_ owner: Principal) async throws {
        guard let meeting else { return }
        let token = try await step("join") {
            let ticket = try await self.parts.live.joining.join(
                JoinRequest(
                    meeting: .id(meeting.id), joiner: .account(owner, displayName: "Canary"), passcode: nil,
                    clientAddress: "canary"))
            guard let token = ticket.connection?.token else { throw Failure("there was no token for the owner") }
            return ("room made, token signed", (token, ticket.participant.id))
        }
        connection = try await step("signalling") {
            let connection = try await self.parts.connect(token.0, self.patience)
            guard connection.joined.identity == token.1.description,
                connection.joined.roomName == meeting.id.description
            else { throw Failure("LiveKit let in another participant, or into another room, than the token is for") }
            return (connection.joined.participantSID, connection)
        }
    }

    private func awaitWebhook() async throws -> (String, Void) {
        guard let meeting else { return ("", ()) }
        let reason = """
            no event of LiveKit's about this room came; its webhook must go to \(parts.webhookURL) and be signed with our API \
            key
            """
        let events = try await wait(reason) {
            let events = try await self.parts.records.events(of: meeting.id)
            return events.isEmpty ? nil : events
        }
        return (events.joined(separator: ", "), ())
    }

    private func record(_ owner: Principal) async throws {
        guard let meeting else { return }
        if let obstacle = parts.recordings.offers.offer(.audio).obstacle {
            skip("recording", obstacle)
            return skip("object", obstacle)
        }
        let caller = MeetingCaller(principal: owner, claim: nil)
        let ready = try await step("recording") {
            let begun = try await self.parts.recordings.start(
                RecordingRequest(kind: .audio), in: meeting.id, by: caller)
            self.recording = begun.id
            _ = try await self.awaitState(.active, of: begun.id, owner)
            _ = try await self.parts.recordings.stop(begun.id, in: meeting.id, by: caller)
            let ready = try await self.awaitState(.ready, of: begun.id, owner)
            return ("\(ready.sizeBytes ?? 0) bytes", ready)
        }
        try await step("object") {
            let link = try await self.parts.recordings.link(to: ready.id, for: .download, by: owner)
            let size = try await self.parts.size(of: link.url)
            guard size == ready.sizeBytes else {
                throw Failure("the bucket gave \(size) bytes, the recorder has written \(ready.sizeBytes ?? 0)")
            }
            return ("\(size) bytes read back", ())
        }
    }

    private func awaitState(
        _ state: RecordingState, of id: RecordingID, _ owner: Principal
    ) async throws -> Recording {
        let reason = "the recording didn't become \(state.rawValue) within \(patience)"
        return try await wait(reason) {
            let recording = try await self.parts.recordings.recording(id, by: owner)
            if recording.state == .failed {
                throw Failure("the recording failed: \(recording.failure ?? "no reason was given")")
            }
            return recording.state == state ? recording : nil
        }
    }

    // MARK: Inside

    private func skip(_ name: String, _ reason: String) {
        note(CanaryReport.Step(name: name, outcome: .skipped, duration: .zero, detail: reason))
    }

    @discardableResult
    private func step<Value>(_ name: String, _ body: () async throws -> (String, Value)) async throws -> Value {
        let begin = clock.now
        do {
            let (detail, value) = try await body()
            note(.init(name: name, outcome: .passed, duration: clock.now - begin, detail: detail))
            return value
        } catch {
            let detail = error is CancellationError ? "interrupted" : "\(error)"
            note(.init(name: name, outcome: .failed, duration: clock.now - begin, detail: detail))
            throw error
        }
    }

    private func note(_ step: CanaryReport.Step) {
        report.add(step)
        onStep(step)
    }

    private func wait<Value>(_ failure: String, _ body: () async throws -> Value?) async throws -> Value {
        try await CanaryParts.wait(atMost: patience, orFail: failure, body)
    }
}
