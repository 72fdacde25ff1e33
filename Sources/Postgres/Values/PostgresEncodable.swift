/// A value that can be a statement's parameter.
///
/// The server infers the parameter's type from the statement, so one Swift type serves several SQL types: a `String` can
/// be a `text`, an enum's label or an `inet`.
public protocol PostgresEncodable: Sendable {
    /// Appends exactly one parameter.
    ///
    /// - Throws: ``PostgresError/invalidParameter(_:)`` when the value can't be sent.
    func encode(into parameters: inout PostgresParameters) throws
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    public func encode(into parameters: inout PostgresParameters) throws { try rawValue.encode(into: &parameters) }
}
