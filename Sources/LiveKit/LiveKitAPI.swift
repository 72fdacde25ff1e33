public import FoundationEssentials
import HTTPClient
import Platform

/// The LiveKit server's API: rooms, participants, egress.
///
/// Calls that may be repeated are, a few times, when the server is briefly away. All throw ``LiveKitAPIError``, or
/// `CancellationError` when the task was cancelled. What is not there is an error of code ``TwirpCode/notFound`` here; see
/// ``LiveKitAPIError/isNotFound``.
public struct LiveKitAPI: Sendable {
    let twirp: TwirpClient

    /// - Parameter now: the clock of tokens.
    public init(
        configuration: LiveKitConfiguration, client: HTTPClient, retry: CallRetry = CallRetry(), log: Logger? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        twirp = TwirpClient(configuration: configuration, client: client, retry: retry, log: log, now: now)
    }
}
