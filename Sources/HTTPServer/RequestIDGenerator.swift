/// Makes request ids: 16 random hexadecimal digits for the generator, then a counter.
struct RequestIDGenerator {
    private let prefix: String
    private var counter: UInt64 = 0

    init() {
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        prefix = String(repeating: "0", count: 16 - random.count) + random + "-"
    }

    mutating func next() -> String {
        counter += 1
        return prefix + String(counter, radix: 16)
    }

    /// Whether an id from elsewhere may enter logs and answers: 1 to 64 letters, digits, `-`, `_` or `.`.
    static func isWellFormed(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
