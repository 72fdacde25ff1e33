/// Signs the tokens with which people connect to the media server.
public protocol TokenIssuing: Sendable {
    func token(for request: RoomTokenRequest) throws -> String
}
