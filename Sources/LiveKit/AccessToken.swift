import FoundationEssentials
import Platform

/// A LiveKit access token: a JWT signed with HS256 (RFC 7515, RFC 7519).
public struct AccessToken: Sendable {
    /// LiveKit itself only logs an error below this length; here it is refused.
    public static let minimumSecretLength = 32
    public static let maximumLifetime = Duration.seconds(24 * 3600)

    public var apiKey: String
    public var secret: String
    public var identity: String?
    public var name: String?
    public var metadata: String?
    public var attributes: [String: String]
    public var grants: VideoGrants
    /// From 1 second to ``maximumLifetime``.
    public var lifetime: Duration

    public init(
        apiKey: String, secret: String, identity: String? = nil, name: String? = nil, metadata: String? = nil,
        attributes: [String: String] = [:], grants: VideoGrants, lifetime: Duration
    ) {
        self.apiKey = apiKey
        self.secret = secret
        self.identity = identity
        self.name = name
        self.metadata = metadata
        self.attributes = attributes
        self.grants = grants
        self.lifetime = lifetime
    }

    /// The token in the JWS compact form.
    ///
    /// - Parameter now: the time of issue.
    /// - Throws: ``LiveKitError`` when the parts don't make a usable token.
    public func sign(now: Date = Date()) throws -> String {
        try validate()
        let issued = Int(now.timeIntervalSince1970.rounded(.down))
        return try JWS.sign(
            claims(from: issued, to: issued + Int(lifetime.components.seconds)), secret: Array(secret.utf8))
    }

    /// The payload; what is nil is left out.
    private func claims(from issued: Int, to expiry: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { claims in
            if !attributes.isEmpty {
                claims.name("attributes")
                claims.object { members in
                    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                        members.name(name)
                        members.write(value)
                    }
                }
            }
            claims.name("exp")
            claims.write(expiry)
            claims.name("iss")
            claims.write(apiKey)
            claims.text("metadata", metadata)
            claims.text("name", name)
            claims.name("nbf")
            claims.write(issued)
            claims.text("sub", identity)
            claims.name("video")
            grants.write(to: &claims)
        }
        return writer.bytes
    }

    private func validate() throws(LiveKitError) {
        guard !apiKey.isEmpty else { throw .missingAPIKey }
        guard secret.utf8.count >= AccessToken.minimumSecretLength else {
            throw .secretTooShort(length: secret.utf8.count)
        }
        guard lifetime >= .seconds(1), lifetime <= AccessToken.maximumLifetime else {
            throw .lifetimeOutOfBounds(lifetime)
        }
        if grants.roomJoin == true || grants.roomAdmin == true {
            guard let room = grants.room, !room.isEmpty else { throw .missingRoom }
        }
        if grants.roomJoin == true {
            guard let identity, !identity.isEmpty else { throw .missingIdentity }
        }
    }
}
