import Platform

extension Settings {
    static let egressProcessors = Setting(
        SettingDescription(
            "EGRESS_CPUS",
            "The processor cores that livekit-egress may use, of all its machines together; 0 where there is none. Everyone in one picture takes 4, one person 2, sound alone 1; what doesn't fit isn't offered. auto takes those of this machine.",
            example: "4", .fallback("auto"))
    ) { (text: String) throws(InvalidSetting) -> ProcessorCount in
        if text == "auto" { return .automatic }
        guard let count = Int(text), (0...4096).contains(count) else {
            throw InvalidSetting("must be auto or a whole number from 0 to 4096")
        }
        return .fixed(count)
    }

    static let recorderPage = Setting(
        SettingDescription(
            "EGRESS_LAYOUT_URL",
            "The page that livekit-egress films when everyone is recorded in one picture: /recorder of the web application, with names, shared screens and the whiteboard. The recorder's own browser must reach it and trust its certificate; https unless it is on this machine. Left out: LiveKit's own layout, without the whiteboard.",
            example: "https://meet.example.org/recorder", .optional),
        parse: SettingParsers.baseURL(schemes: ["http", "https"]))

    static let recordingRetention = Setting(
        SettingDescription(
            "RECORDING_RETENTION_DAYS",
            "After how many days recordings are deleted, unless something else is said for one. Left out: never.",
            example: "90", .optional),
        parse: SettingParsers.integer(1...36_500))
}

/// How many processors there are for something.
enum ProcessorCount: Hashable, Sendable {
    case automatic
    case fixed(Int)

    /// - Parameter cores: the processor cores of this machine that the process may use.
    func resolved(cores: Int) -> Int {
        switch self {
        case .automatic: cores
        case .fixed(let count): count
        }
    }
}
