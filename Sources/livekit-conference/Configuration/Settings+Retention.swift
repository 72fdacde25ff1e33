import Platform

extension Settings {
    static let eventRetention = Setting(
        SettingDescription(
            "EVENT_RETENTION_DAYS",
            "After how many days the timeline of meetings is forgotten, and LiveKit's events; those applied are after 30 days in any case. The sums of analytics stay. Left out: never.",
            example: "180", .optional),
        parse: SettingParsers.integer(1...36_500))

    static let meetingRetention = Setting(
        SettingDescription(
            "MEETING_RETENTION_DAYS",
            "After how many days meetings that have ended are deleted, with the names of who was there, chat and boards. Those with recordings stay until these are gone; recurring ones never end. Left out: never.",
            example: "365", .optional),
        parse: SettingParsers.integer(1...36_500))
}
