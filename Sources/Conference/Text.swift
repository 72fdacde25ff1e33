/// Cleaning of the short texts that people type and others read.
enum Text {
    /// `raw` on one line without what can't be seen or turns the direction of other text: control characters and format
    /// characters are dropped, each run of white space becomes one space, both ends are trimmed.
    ///
    /// The zero-width joiner and the variation selectors stay: emoji and several scripts need them.
    static func singleLine(_ raw: String) -> String {
        var cleaned = String.UnicodeScalarView()
        var pendingSpace = false
        for scalar in raw.unicodeScalars {
            if scalar.properties.isWhitespace {
                pendingSpace = !cleaned.isEmpty
                continue
            }
            guard isVisible(scalar) else { continue }
            if pendingSpace {
                cleaned.append(" ")
                pendingSpace = false
            }
            cleaned.append(scalar)
        }
        return String(cleaned)
    }

    /// `raw` without what `singleLine` drops, but with its line breaks, at most two in a row.
    static func lines(_ raw: String) -> String {
        var lines = raw.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            singleLine(String($0))
        }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        var kept: [String] = []
        for line in lines where !(line.isEmpty && kept.last?.isEmpty == true) { kept.append(line) }
        return kept.joined(separator: "\n")
    }

    /// The problem with `text`'s length, or nil.
    static func lengthProblem(_ text: String, characters: ClosedRange<Int>, bytes: Int) -> String? {
        guard characters.contains(text.count), text.utf8.count <= bytes,
            text.unicodeScalars.contains(where: carriesMeaning)
        else { return "must have \(characters.lowerBound) to \(characters.upperBound) visible characters" }
        return nil
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .format: scalar == "\u{200D}" || scalar == "\u{200C}"
        default: true
        }
    }

    private static func carriesMeaning(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .format, .nonspacingMark, .enclosingMark, .spacingMark: false
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
