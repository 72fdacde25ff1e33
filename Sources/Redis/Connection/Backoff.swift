/// The pauses between attempts to connect: doubling up to a limit, each shortened at random by up to half, so that
/// many clients don't return at the same moment.
struct Backoff {
    static let first = Duration.milliseconds(20)
    static let limit = Duration.milliseconds(500)

    private var next = Backoff.first

    /// - Parameter random: evenly from 0 to 1.
    mutating func pause(random: Double = .random(in: 0...1)) -> Duration {
        let pause = next * (1 - random / 2)
        next = min(next * 2, Backoff.limit)
        return pause
    }

    mutating func reset() { next = Backoff.first }
}
