import Conference
import FoundationEssentials
import HTTPServer

/// A request whose parameters and content were found to be as the operation declares.
struct Call: Sendable {
    let request: HTTPRequest
    /// The session of who calls; never nil for operations with ``Operation/Access/account``.
    let session: Session?
    /// Whose participant's key the request carries; only for operations with ``Operation/Access/meeting``.
    let claim: ParticipantClaim?
    /// The content; empty for operations without.
    let body: JSONObject
    /// The content as it came; empty for operations without.
    let content: [UInt8]

    /// Who calls.
    ///
    /// - Throws: ``ConferenceError/notAuthenticated`` without a session.
    func principal() throws -> Principal {
        guard let session else { throw ConferenceError.notAuthenticated }
        return session.principal
    }

    /// Who calls an operation with ``Operation/Access/meeting``.
    var caller: MeetingCaller { MeetingCaller(principal: session?.principal, claim: claim) }

    /// An id in the path.
    ///
    /// - Throws: ``ConferenceError/notFound(_:)`` when it is no id, as there is nothing with such a name.
    func id<Entity>(_ name: String, of subject: ConferenceError.Subject) throws -> Identifier<Entity> {
        guard let text = request.parameters[name], let id = Identifier<Entity>(text) else {
            throw ConferenceError.notFound(subject)
        }
        return id
    }

    /// An object of the content exactly as it was sent.
    func text(of object: JSONObject) -> String {
        object.source.map { String(decoding: content[$0], as: UTF8.self) } ?? ""
    }

    func query(_ name: String) -> String? { request.query[name] }

    /// Tells the access log which meeting this is about.
    func note(_ meeting: MeetingID) {
        request.attributes[RequestNotes.self]?.note { $0.meetingID = meeting.description }
    }
}

extension JSONObject {
    func string(_ name: String) -> String? {
        if case .string(let text) = self[name] { text } else { nil }
    }

    func integer(_ name: String) -> Int? {
        if case .integer(let number) = self[name] { number } else { nil }
    }

    func bool(_ name: String) -> Bool? {
        if case .bool(let value) = self[name] { value } else { nil }
    }

    func time(_ name: String) -> Date? { string(name).flatMap(RFC3339.parse) }

    func choice<Choice: RawRepresentable<String>>(_ name: String, as type: Choice.Type = Choice.self) -> Choice? {
        string(name).flatMap(Choice.init)
    }

    func object(_ name: String) -> JSONObject? {
        if case .object(let object) = self[name] { object } else { nil }
    }

    /// The objects in an array.
    func objects(_ name: String) -> [JSONObject] {
        guard case .array(let elements) = self[name] else { return [] }
        return elements.compactMap { if case .object(let object) = $0 { object } else { nil } }
    }
}
