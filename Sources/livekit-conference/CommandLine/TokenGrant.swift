import LiveKit

/// Grants by their names in LiveKit's tokens.
enum TokenGrant {
    private static let flags: [String: any WritableKeyPath<VideoGrants, Bool?> & Sendable] = [
        "roomCreate": \.roomCreate, "roomList": \.roomList, "roomRecord": \.roomRecord, "roomAdmin": \.roomAdmin,
        "roomJoin": \.roomJoin, "canPublish": \.canPublish, "canSubscribe": \.canSubscribe,
        "canPublishData": \.canPublishData, "canUpdateOwnMetadata": \.canUpdateOwnMetadata,
        "canSubscribeMetrics": \.canSubscribeMetrics, "ingressAdmin": \.ingressAdmin, "hidden": \.hidden,
        "recorder": \.recorder, "agent": \.agent,
    ]

    /// - Parameter assignment: such as `canPublish=false` or `canPublishSources=camera,microphone`.
    static func set(_ assignment: String, in grants: inout VideoGrants) throws(UsageError) {
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw UsageError("--grant \(assignment) must be of the form NAME=VALUE") }
        let (name, value) = (parts[0], parts[1])
        if name == "canPublishSources" {
            grants.canPublishSources = try sources(value)
            return
        }
        guard let path = flags[name] else {
            let known = flags.keys.sorted() + ["canPublishSources"]
            throw UsageError("\(name) is no grant" + suggestion(for: name, among: known))
        }
        switch value {
        case "true": grants[keyPath: path] = true
        case "false": grants[keyPath: path] = false
        default: throw UsageError("--grant \(name) must be true or false")
        }
    }

    private static func sources(_ list: String) throws(UsageError) -> [VideoGrants.TrackSource] {
        var result: [VideoGrants.TrackSource] = []
        for word in list.split(separator: ",") {
            guard let source = VideoGrants.TrackSource(rawValue: String(word)) else {
                let known = VideoGrants.TrackSource.allCases.map(\.rawValue)
                throw UsageError("\(word) is no track source: \(known.joined(separator: ", "))")
            }
            result.append(source)
        }
        return result
    }
}
