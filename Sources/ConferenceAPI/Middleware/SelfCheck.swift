/// Marks a request that the program makes to see whether requests are answered: it is neither logged nor counted.
///
/// Only the program itself can attach it; nothing that a client sends does.
public struct SelfCheck: Sendable {
    public init() {}
}
