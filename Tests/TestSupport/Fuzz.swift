import Glibc

/// Random input for a parser, from a seed that is printed and can be given again.
///
/// | Variable | |
/// |---|---|
/// | `FUZZ_CASES` | how many cases each test runs; without it a number that takes a moment |
/// | `FUZZ_SEED` | where to begin: with the seed of a failure the first case is that failure |
public struct Fuzz: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// SplitMix64, by Guy L. Steele, Doug Lea and Christine H. Flood: "Fast Splittable Pseudorandom Number Generators".
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    // MARK: Running

    public static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    /// Calls the body with a generator of its own for each case. What it throws ends the test, and its seed is printed; so is
    /// the first seed, for a case that doesn't come back.
    public static func cases(
        _ test: String = #function, count: Int = 1000, _ body: (inout Fuzz) throws -> Void
    ) throws {
        let (first, count) = begin(test, count)
        for number in 0..<count {
            var fuzz = Fuzz(seed: first &+ number)
            do { try body(&fuzz) } catch { throw failed(test, first &+ number, error) }
        }
    }

    /// The same for what waits.
    public static func cases(
        _ test: String = #function, count: Int = 1000, _ body: (inout Fuzz) async throws -> Void
    ) async throws {
        let (first, count) = begin(test, count)
        for number in 0..<count {
            var fuzz = Fuzz(seed: first &+ number)
            do { try await body(&fuzz) } catch { throw failed(test, first &+ number, error) }
        }
    }

    private static func failed(_ test: String, _ seed: UInt64, _ error: any Error) -> any Error {
        say("\(test): failed; again with FUZZ_SEED=\(seed) FUZZ_CASES=1")
        return error
    }

    private static func begin(_ test: String, _ count: Int) -> (first: UInt64, count: UInt64) {
        let first = number("FUZZ_SEED") ?? .random(in: 0..<1_000_000_000)
        let count = number("FUZZ_CASES") ?? UInt64(count)
        say("\(test): \(count) cases from FUZZ_SEED=\(first)")
        return (first, count)
    }

    /// At once, so that it is there after a trap.
    private static func say(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    // MARK: Values

    public mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

    public mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    public mutating func pick<Choices: Collection>(_ choices: Choices) -> Choices.Element {
        choices[choices.index(choices.startIndex, offsetBy: number(0...choices.count - 1))]
    }

    public mutating func bytes(upTo most: Int) -> [UInt8] {
        (0..<number(0...most)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    public mutating func bytes(of alphabet: [UInt8], upTo most: Int) -> [UInt8] {
        (0..<number(0...most)).map { _ in pick(alphabet) }
    }

    /// Text of single characters and longer pieces.
    public mutating func text(of pieces: [String], upTo most: Int) -> String {
        (0..<number(0...most)).map { _ in pick(pieces) }.joined()
    }

    /// Text of all of Unicode, the first bytes and odd places more often.
    public mutating func text(upTo most: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<number(0...most) {
            let top: UInt32 = pick([0x7f, 0x7f, 0xff, 0x2fff, 0x10ffff])
            scalars.append(Unicode.Scalar(UInt32.random(in: 0...top, using: &self)) ?? "\u{fffd}")
        }
        return String(scalars)
    }

    /// The bytes with some changed, taken away, doubled or put in; now and then cut off.
    public mutating func mutated(_ original: [UInt8], using alphabet: [UInt8] = []) -> [UInt8] {
        var bytes = original
        for _ in 0..<number(1...4) {
            let at = number(0...bytes.count)
            let byte = alphabet.isEmpty || chance(0.2) ? UInt8.random(in: 0...255, using: &self) : pick(alphabet)
            switch number(0...4) {
            case 0 where at < bytes.count: bytes[at] = byte
            case 1 where at < bytes.count: bytes.remove(at: at)
            case 2: bytes.insert(byte, at: at)
            case 3 where at < bytes.count:
                let end = min(bytes.count, at + number(1...8))
                bytes.insert(contentsOf: bytes[at..<end], at: number(0...bytes.count))
            default: if chance(0.3) { bytes.removeSubrange(at...) }
            }
        }
        return bytes
    }
}
