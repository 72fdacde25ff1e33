import Conference
import HTTPServer
import Platform

/// What the frontend, whose files are the same everywhere, has to know of this installation.
struct ConfigurationRoutes: Sendable {
    private let settings: APISettings

    private let offers: RecordingOffers

    init(_ dependencies: APIDependencies) {
        settings = dependencies.settings
        offers = dependencies.recordings.offers
    }

    private static let schema = Schema.named(
        "Configuration",
        .object(
            .required("liveKitUrl", .string().described("Where browsers reach LiveKit.")),
            .required("recording", RecordingSchemas.offers),
            .required(
                "limits",
                .object(
                    .required("displayNameLength", .integer()), .required("titleLength", .integer()),
                    .required("passwordMinLength", .integer()), .required("passwordMaxBytes", .integer()),
                    .required("passcodeMinLength", .integer()), .required("passcodeMaxBytes", .integer()),
                    .required("minCapacity", .integer()), .required("maxCapacity", .integer()),
                    .required("pageSize", .integer())))))

    private var content: JSONValue {
        [
            "liveKitUrl": .string(settings.liveKitURL),
            "recording": RecordingSchemas.value(offers),
            "limits": [
                "displayNameLength": .integer(Limits.displayNameCharacters.upperBound),
                "titleLength": .integer(Limits.titleCharacters.upperBound),
                "passwordMinLength": .integer(Limits.passwordBytes.lowerBound),
                "passwordMaxBytes": .integer(Limits.passwordBytes.upperBound),
                "passcodeMinLength": .integer(Limits.passcodeBytes.lowerBound),
                "passcodeMaxBytes": .integer(Limits.passcodeBytes.upperBound),
                "minCapacity": .integer(Limits.capacity.lowerBound),
                "maxCapacity": .integer(Limits.capacity.upperBound),
                "pageSize": .integer(Limits.pageSize.upperBound),
            ],
        ]
    }

    var operations: [Operation] {
        let response = HTTPResponse(
            .ok, contentType: "application/json", bytes: JSONWriter.encode(content),
            headers: ["Cache-Control": "public, max-age=60"])
        return [
            Operation(
                method: .get, template: "/api/v1/configuration", id: "getConfiguration", tag: "Configuration",
                summary: "What the frontend has to know", access: .anyone,
                answers: [
                    Operation.Answer(
                        status: .ok, summary: "The same for everyone.", schema: ConfigurationRoutes.schema,
                        example: content)
                ],
                handler: { _ in response })
        ]
    }
}
