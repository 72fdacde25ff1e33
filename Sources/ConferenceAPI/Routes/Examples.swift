/// Values of the OpenAPI document's examples.
enum Examples {
    static let accountID = "0199f0c2-7a51-7c30-9d3e-6b5f0a4e8d21"
    static let meetingID = "0199f0c4-11d8-7b02-8f4a-2f6b7c9d0e13"
    static let participantID = "0199f0c5-902e-7d64-a1b3-5c8e7f2a9b40"
    static let whiteboardID = "0199f0c6-3b1f-7e55-9c2a-7d1e0f4b6a83"
    static let fileID = "3ebe1a1b5bd6a2c8dd5b4ac9cb9b9dee4f9f1c8d"
    static let messageID = "0199f0c6-3d11-7a90-b5e2-4f8c1d7e6a35"
    static let recordingID = "0199f0c9-3b77-7e12-b5c4-8d1f2a6e7c95"
    static let joinCode = "k3mf-9x2c-7tqa-0dvn-8hwz"
    static let cursor = "c0199f0c411d87b028f4a2f6b7c9d0e13"

    static let account: JSONValue = [
        "id": .string(accountID), "email": "ada@example.org", "displayName": "Ada", "role": "member",
        "disabled": false, "createdAt": "2026-03-01T09:00:00.000Z",
    ]

    static let session: JSONValue = [
        "account": ["id": .string(accountID), "email": "ada@example.org", "displayName": "Ada", "role": "member"],
        "createdAt": "2026-03-01T09:00:00.000Z", "expiresAt": "2026-03-08T09:00:00.000Z",
    ]

    static let settings: JSONValue = [
        "requiresPasscode": true, "lobby": "guests", "locked": false, "capacity": 50, "screenShare": "everyone",
        "chat": "everyone", "chatHistory": false, "record": "hosts", "draw": "everyone",
    ]

    static let meeting: JSONValue = [
        "id": .string(meetingID), "joinCode": .string(joinCode),
        "joinUrl": .string("https://meet.example.org/join/\(joinCode)"), "ownerId": .string(accountID),
        "title": "Weekly", "kind": "scheduled", "state": "scheduled", "scheduledStart": "2026-03-02T09:00:00.000Z",
        "scheduledEnd": "2026-03-02T10:00:00.000Z", "startedAt": .null, "endedAt": .null, "settings": settings,
        "createdAt": "2026-03-01T09:00:00.000Z", "updatedAt": "2026-03-01T09:00:00.000Z", "version": 1,
    ]

    static let preview: JSONValue = [
        "title": "Weekly", "kind": "scheduled", "state": "scheduled", "scheduledStart": "2026-03-02T09:00:00.000Z",
        "scheduledEnd": "2026-03-02T10:00:00.000Z", "requiresPasscode": true, "lobby": "guests", "locked": false,
        "recordingActive": false,
    ]

    static let connection: JSONValue = [
        "url": "wss://livekit.example.org", "token": "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
        "expiresAt": "2026-03-02T09:11:00.000Z", "canPublishSources": ["camera", "microphone"], "canChat": true,
        "canDraw": true, "isModerator": false,
    ]

    static let participant: JSONValue = [
        "id": .string(participantID), "role": "guest", "isCohost": false, "displayName": "Grace", "status": "admitted",
        "joinedAt": "2026-03-02T09:01:00.000Z", "admittedAt": "2026-03-02T09:01:20.000Z", "isConnected": true,
        "handRaisedAt": .null,
    ]

    static let message: JSONValue = [
        "id": .string(messageID), "participantId": .string(participantID), "displayName": "Grace", "role": "guest",
        "text": "Hello", "sentAt": "2026-03-02T09:05:00.000Z",
    ]

    static let ticket: JSONValue = [
        "status": "admitted",
        "meeting": [
            "id": .string(meetingID), "title": "Weekly", "kind": "scheduled", "state": "live", "settings": settings,
        ],
        "recordingActive": true,
        "participant": [
            "id": .string(participantID), "role": "guest", "displayName": "Grace",
            "joinedAt": "2026-03-02T09:01:00.000Z",
        ],
        "participantKey": [
            "key": "AQGZ8MQR2HsCj0ovb3ydDhM.c2lnbmF0dXJl", "expiresAt": "2026-03-03T09:01:00.000Z",
        ],
        "connection": connection,
    ]

    static let recording: JSONValue = [
        "id": .string(recordingID), "meetingId": .string(meetingID), "kind": "composite", "participantId": .null,
        "requestedBy": .string(accountID), "state": "ready", "active": false, "failure": .null,
        "createdAt": "2026-03-02T09:03:00.000Z", "startedAt": "2026-03-02T09:03:04.000Z",
        "endedAt": "2026-03-02T09:48:12.000Z", "readyAt": "2026-03-02T09:48:15.000Z", "sizeBytes": 412_316_860,
        "durationMilliseconds": 2_708_000, "deleteAfter": "2026-05-31T09:48:15.000Z",
    ]

    static let recordingLink: JSONValue = [
        "url": "https://storage.example.org/livekit-conference/recordings/example.mp4?X-Amz-Expires=14400",
        "expiresAt": "2026-03-02T14:00:00.000Z", "fileName": "Weekly 2026-03-02 09.03.mp4", "contentType": "video/mp4",
    ]
}
