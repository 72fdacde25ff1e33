import Conference
import FoundationEssentials
import LiveKit

/// Verifies and reads LiveKit's webhooks.
public struct LiveKitEventReader: MediaEventReading {
    private let verifier: WebhookVerifier
    private let clock: any WallClock

    public init(apiKey: String, secret: String, clock: any WallClock = SystemWallClock()) {
        verifier = WebhookVerifier(apiKey: apiKey, secret: secret)
        self.clock = clock
    }

    public func read(authorization: String?, content: [UInt8]) throws(MediaEventRefusal) -> MediaEvent {
        do {
            try verifier.verify(authorization: authorization, content: content, now: clock.now)
        } catch let error as WebhookVerifier.Refusal {
            throw .unverified(reason: error.rawValue)
        } catch {
            throw .unverified(reason: "its token can't be verified")
        }
        let event: WebhookEvent
        do {
            event = try WebhookEvent(json: content)
        } catch {
            throw .unreadable(reason: error.reason)
        }
        guard MediaEvent.idBytes.contains(event.id.utf8.count) else {
            throw .unreadable(reason: "its id is empty or long")
        }
        guard MediaEvent.nameBytes.contains(event.event.utf8.count) else {
            throw .unreadable(reason: "the name of its kind is empty or long")
        }
        return MediaEvent(event, occurredAt: event.createdAt ?? clock.now)
    }
}

extension MediaEvent {
    init(_ event: WebhookEvent, occurredAt: Date) {
        self.init(
            id: Self.kept(event.id), name: Self.kept(event.event), occurredAt: occurredAt,
            room: event.room.map {
                Room(sid: Self.kept($0.sid), name: Self.kept($0.name), createdAt: $0.createdAt)
            },
            person: event.participant.map {
                Person(
                    sid: Self.kept($0.sid), identity: Self.kept($0.identity),
                    kind: MediaParticipant.Kind(rawValue: Self.kept($0.kind)), joinedAt: $0.joinedAt,
                    disconnectReason: $0.disconnectReason.map(Self.kept))
            },
            track: event.track.map {
                let track = MediaTrack($0)
                return MediaTrack(
                    sid: Self.kept(track.sid), kind: track.kind, source: track.source, name: Self.kept(track.name),
                    isMuted: track.isMuted)
            },
            egress: event.egress.map {
                let egress = MediaEgress($0)
                return MediaEgress(
                    id: Self.kept(egress.id), roomName: Self.kept(egress.roomName), status: egress.status,
                    startedAt: egress.startedAt, endedAt: egress.endedAt, updatedAt: egress.updatedAt,
                    error: egress.error.map(Self.kept),
                    files: egress.files.map {
                        MediaEgress.File(
                            name: Self.kept($0.name), size: $0.size, duration: $0.duration,
                            location: Self.kept($0.location))
                    })
            })
    }

    /// Text as PostgreSQL can keep it, without NUL and not endless.
    private static func kept(_ text: String) -> String {
        let text = text.utf8.contains(0) ? text.replacing("\0", with: "\u{FFFD}") : text
        return text.utf8.count <= 1024 ? text : String(text.prefix(256))
    }
}
