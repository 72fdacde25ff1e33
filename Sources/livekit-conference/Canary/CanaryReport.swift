import FoundationEssentials

/// What a canary's steps came to, in their order.
struct CanaryReport: Sendable {
    enum Outcome: String, Sendable {
        case passed, failed, skipped
    }

    struct Step: Sendable {
        let name: String
        let outcome: Outcome
        let duration: Duration
        let detail: String

        var milliseconds: Int { Int(duration / .milliseconds(1)) }

        var line: String {
            let time = outcome == .skipped ? "" : "\(milliseconds) ms"
            return "\(outcome.rawValue.padded(to: 7))  \(name.padded(to: 12))  \(time.padded(to: 9))  \(detail)"
        }
    }

    private(set) var steps: [Step] = []

    mutating func add(_ step: Step) { steps.append(step) }

    /// Whether nothing failed; what isn't set up is no failure.
    var isGood: Bool { !steps.isEmpty && steps.allSatisfy { $0.outcome != .failed } }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Text and numbers always encode.
        let data = (try? encoder.encode(Document(passed: isGood, steps: steps))) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    private struct Document: Encodable {
        let passed: Bool
        let steps: [Step]
    }
}

extension CanaryReport.Step: Encodable {
    private enum CodingKeys: String, CodingKey { case name, outcome, milliseconds, detail }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(name, forKey: .name)
        try members.encode(outcome.rawValue, forKey: .outcome)
        try members.encode(milliseconds, forKey: .milliseconds)
        try members.encode(detail, forKey: .detail)
    }
}
