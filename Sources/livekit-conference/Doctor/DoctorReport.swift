import FoundationEssentials

/// What all checks have found, in their order.
struct DoctorReport: Sendable {
    struct Entry: Sendable {
        let check: DoctorCheck
        let finding: DoctorFinding
        let duration: Duration
    }

    let entries: [Entry]

    /// - Returns: 0 when nothing failed and all was seen, 1 when something failed, else 77.
    var status: CommandStatus {
        if count(.fail) > 0 { return .failure }
        return count(.unknown) > 0 ? .notPermitted : .success
    }

    func count(_ outcome: DoctorFinding.Outcome) -> Int { entries.count { $0.finding.outcome == outcome } }

    /// The last line for people.
    var summary: String {
        let words: [(DoctorFinding.Outcome, String)] = [
            (.pass, "passed"), (.warn, "with a warning"), (.fail, "failed"), (.unknown, "could not be seen"),
            (.skip, "not applicable"),
        ]
        return words.filter { $0.0 == .pass || count($0.0) > 0 }.map { "\(count($0.0)) \($0.1)" }.joined(
            separator: ", ")
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let counts = Dictionary(
            uniqueKeysWithValues: DoctorFinding.Outcome.allCases.map { ($0.rawValue, count($0)) })
        let document = Document(
            version: VersionCommand.version, madeAt: Date().formatted(.iso8601), counts: counts,
            checks: entries.map(Item.init))
        // Text and numbers always encode.
        return String(decoding: (try? encoder.encode(document)) ?? Data(), as: UTF8.self)
    }

    private struct Document: Encodable {
        let version: String
        let madeAt: String
        let counts: [String: Int]
        let checks: [Item]
    }

    private struct Item: Encodable {
        let id: String
        let title: String
        let outcome: String
        let reason: String
        let remedy: String?
        let milliseconds: Int

        init(_ entry: Entry) {
            id = entry.check.id
            title = entry.check.title
            outcome = entry.finding.outcome.rawValue
            reason = entry.finding.reason
            remedy = entry.finding.remedy
            milliseconds = Int(entry.duration / .milliseconds(1))
        }
    }
}

extension DoctorReport.Entry {
    /// For people: the outcome, the id and the reason, then what to do.
    ///
    /// - Parameter isColoured: by the sequences of ECMA-48, for terminals only.
    func lines(idWidth: Int, isColoured: Bool) -> String {
        let outcome = finding.outcome.rawValue.padded(to: 7)
        let shown = isColoured ? "\u{1b}[\(finding.outcome.colour)m\(outcome)\u{1b}[0m" : outcome
        let indent = "\n" + String(repeating: " ", count: 11 + idWidth)
        var text = "\(shown)  \(check.id.padded(to: idWidth))  " + finding.reason.replacing("\n", with: indent)
        if let remedy = finding.remedy { text += indent + "-> " + remedy.replacing("\n", with: indent + "   ") }
        return text
    }
}

extension DoctorFinding.Outcome {
    fileprivate var colour: Int {
        switch self {
        case .pass: 32
        case .warn: 33
        case .fail: 31
        case .unknown: 35
        case .skip: 90
        }
    }
}
