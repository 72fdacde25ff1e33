/// A strict parser of RFC 8259: nothing lenient, no name twice in an object, bounded depth.
struct JSONParser {
    /// Arrays and objects within each other, at most.
    static let depthLimit = 32

    private let bytes: [UInt8]
    private var position = 0

    /// - Throws: ``JSONSyntaxError``.
    static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value(depth: 0)
        parser.skipWhitespace()
        guard parser.position == bytes.count else { throw parser.failure(.unexpectedCharacter) }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func failure(_ reason: JSONSyntaxError.Reason) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, offset: position)
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    private func peek() throws(JSONSyntaxError) -> UInt8 {
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        return bytes[position]
    }

    private mutating func expect(_ literal: StaticString) throws(JSONSyntaxError) {
        for index in 0..<literal.utf8CodeUnitCount {
            guard try peek() == literal.utf8Start[index] else { throw failure(.unexpectedCharacter) }
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        skipWhitespace()
        switch try peek() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONObject {
        guard depth < JSONParser.depthLimit else { throw failure(.tooDeep) }
        var members: [JSONObject.Member] = []
        var names: Set<[UInt8]> = []
        let start = position
        position += 1
        skipWhitespace()
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return JSONObject(source: start..<position)
        }
        while true {
            skipWhitespace()
            guard try peek() == UInt8(ascii: "\"") else { throw failure(.unexpectedCharacter) }
            let name = try string()
            // By bytes: Swift's strings count canonically equivalent spellings as one name, JSON does not.
            guard names.insert(Array(name.utf8)).inserted else { throw failure(.duplicateName) }
            skipWhitespace()
            try expect(":")
            members.append((name: name, value: try value(depth: depth + 1)))
            skipWhitespace()
            if try takeSeparator(closing: UInt8(ascii: "}")) {
                return JSONObject(members, source: start..<position)
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        guard depth < JSONParser.depthLimit else { throw failure(.tooDeep) }
        var elements: [JSONValue] = []
        position += 1
        skipWhitespace()
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipWhitespace()
            if try takeSeparator(closing: UInt8(ascii: "]")) { return elements }
        }
    }

    /// True at the end of the array or object, false after a comma.
    private mutating func takeSeparator(closing: UInt8) throws(JSONSyntaxError) -> Bool {
        let byte = try peek()
        guard byte == closing || byte == UInt8(ascii: ",") else { throw failure(.unexpectedCharacter) }
        position += 1
        return byte == closing
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        var runStart = position
        while true {
            let byte = try peek()
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw failure(.controlCharacter) }
            position += 1
            if byte == UInt8(ascii: "\\") {
                text.append(contentsOf: bytes[runStart..<position - 1])
                try appendEscape(to: &text)
                runStart = position
            }
        }
        text.append(contentsOf: bytes[runStart..<position])
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
            throw JSONSyntaxError(reason: .notUTF8, offset: start)
        }
        return string
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONSyntaxError) {
        let byte = try peek()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try unicodeEscape()).utf8)
        default: throw failure(.badEscape)
        }
    }

    private mutating func unicodeEscape() throws(JSONSyntaxError) -> Character {
        let first = try hexQuad()
        var code = UInt32(first)
        if UTF16.isLeadSurrogate(first) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw failure(.loneSurrogate) }
            position += 2
            let second = try hexQuad()
            guard UTF16.isTrailSurrogate(second) else { throw failure(.loneSurrogate) }
            code = 0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure(.loneSurrogate) }
        return Character(scalar)
    }

    private mutating func hexQuad() throws(JSONSyntaxError) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            let byte = try peek()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw failure(.badEscape)
            }
            code = code << 4 | UInt16(digit)
            position += 1
        }
        return code
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        if try peek() == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        try digits()
        guard bytes[integerStart] != UInt8(ascii: "0") || position == integerStart + 1 else {
            throw failure(.badNumber)
        }
        var isWhole = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            try digits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            let sign = try peek()
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw failure(.badNumber) }
        if let integer = Int(exactly: number) { return .integer(integer) }
        return .number(number)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 { position += 1 }
        guard position > start else {
            throw failure(position < bytes.count ? .unexpectedCharacter : .unexpectedEnd)
        }
    }
}
