/// What an account may do. Admins manage accounts and every meeting, members their own meetings.
public enum AccountRole: String, CaseIterable, Codable, Hashable, Sendable {
    case admin, member
}
