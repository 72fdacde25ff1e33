import Conference

/// A rule for the content of strings: what the code checks and how the OpenAPI document states the very same.
struct StringFormat: Sendable {
    /// A `format` of JSON Schema, where one fits.
    var name: String?
    /// A `pattern` of JSON Schema (ECMA-262), where the format alone does not say it.
    var pattern: String?
    /// Ends the sentence "The value …", for clients.
    var requirement: String
    var matches: @Sendable (String) -> Bool
}

extension StringFormat {
    /// One line of text: no control characters, so no NUL either.
    static let line = StringFormat(
        pattern: "^[^\\u0000-\\u001f\\u007f]*$", requirement: "must be one line without control characters"
    ) { text in
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
    }

    /// One line that neither is empty nor starts or ends with a space.
    static let trimmedLine = StringFormat(
        pattern: "^[^\\u0000-\\u0020\\u007f]([^\\u0000-\\u001f\\u007f]*[^\\u0000-\\u0020\\u007f])?$",
        requirement: "must be one line without control characters that neither starts nor ends with a space"
    ) { text in
        let scalars = text.unicodeScalars
        return !scalars.isEmpty && scalars.first?.value != 0x20 && scalars.last?.value != 0x20
            && StringFormat.line.matches(text)
    }

    /// Visible ASCII: text whose order is the same by code units in every encoding.
    static let visibleASCII = StringFormat(
        pattern: "^[!-~]*$", requirement: "must have visible ASCII characters only"
    ) { text in
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// A UUID in its usual form (RFC 9562, section 4), in small or capital letters.
    static let uuid = StringFormat(name: "uuid", requirement: "must be a UUID") { text in
        Identifier<Never>(text) != nil
    }

    /// A time with date and offset (RFC 3339, section 5.6).
    static let time = StringFormat(
        name: "date-time", requirement: "must be an RFC 3339 time such as 2026-03-01T09:30:00Z"
    ) { text in
        RFC3339.parse(text) != nil
    }

    /// A day (RFC 3339, section 5.6, full-date).
    static let day = StringFormat(name: "date", requirement: "must be a day such as 2026-03-01") { text in
        RFC3339.parseDay(text) != nil
    }
}

/// Classes of ASCII bytes.
enum ASCII {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a }

    static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66) }
}
