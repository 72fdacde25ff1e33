/// What a check has found: how it stands, why, and what to do about it.
///
/// It is an error, too: what keeps a check from going on is its finding.
struct DoctorFinding: Error, Hashable, Sendable {
    enum Outcome: String, CaseIterable, Sendable {
        case pass, warn, fail
        /// It could not be seen, and may be good or bad.
        case unknown
        /// There is nothing of the kind here.
        case skip
    }

    let outcome: Outcome
    let reason: String
    let remedy: String?

    static func pass(_ reason: String) -> DoctorFinding { .init(outcome: .pass, reason: reason, remedy: nil) }

    static func warn(_ reason: String, _ remedy: String) -> DoctorFinding {
        .init(outcome: .warn, reason: reason, remedy: remedy)
    }

    static func fail(_ reason: String, _ remedy: String) -> DoctorFinding {
        .init(outcome: .fail, reason: reason, remedy: remedy)
    }

    static func unknown(_ reason: String, _ remedy: String? = nil) -> DoctorFinding {
        .init(outcome: .unknown, reason: reason, remedy: remedy)
    }

    static func skip(_ reason: String) -> DoctorFinding { .init(outcome: .skip, reason: reason, remedy: nil) }
}
