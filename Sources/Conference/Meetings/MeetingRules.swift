import FoundationEssentials

/// What makes a meeting acceptable.
enum MeetingRules {
    static func title(_ raw: String) throws -> String {
        let cleaned = Text.singleLine(raw)
        if let problem = Text.lengthProblem(cleaned, characters: Limits.titleCharacters, bytes: Limits.titleBytes) {
            throw ConferenceError.invalid([FieldProblem("title", problem)])
        }
        return cleaned
    }

    static func passcodeProblem(_ passcode: String) -> FieldProblem? {
        guard !Limits.passcodeBytes.contains(passcode.utf8.count) else { return nil }
        let (least, most) = (Limits.passcodeBytes.lowerBound, Limits.passcodeBytes.upperBound)
        return FieldProblem("settings.passcode", "must have \(least) to \(most) bytes in UTF-8")
    }

    static func check(_ settings: MeetingSettings, _ problems: inout FieldProblems) {
        if let capacity = settings.capacity {
            let range = "\(Limits.capacity.lowerBound) to \(Limits.capacity.upperBound)"
            problems.require(Limits.capacity.contains(capacity), "settings.capacity", "must be \(range), or null")
        }
        problems.require(settings.record != .everyone, "settings.record", "must be hosts or nobody")
    }

    static func checkTimes(kind: MeetingKind, start: Date?, end: Date?, _ problems: inout FieldProblems) {
        guard kind == .scheduled else {
            problems.require(start == nil, "scheduledStart", "belongs to scheduled meetings only")
            problems.require(end == nil, "scheduledEnd", "belongs to scheduled meetings only")
            return
        }
        guard let start else {
            problems.require(false, "scheduledStart", "is required for a scheduled meeting")
            return
        }
        problems.require(sensible.contains(start), "scheduledStart", "must lie between the years 2000 and 2100")
        guard let end else { return }
        problems.require(end > start, "scheduledEnd", "must be later than scheduledStart")
        problems.require(
            end <= start + Limits.scheduledLength, "scheduledEnd", "must be at most 7 days after scheduledStart")
    }

    private static let sensible =
        Date(timeIntervalSince1970: 946_684_800)...Date(timeIntervalSince1970: 4_102_444_800)
}
