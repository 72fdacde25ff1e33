import Glibc

/// The parameters of one statement in the form that libpq sends.
public struct PostgresParameters: Sendable {
    /// What the protocol's counter holds.
    static let maximumCount = 65_535
    /// Above it a statement isn't described, and so read as text: libpq takes a ParameterDescription message (four bytes for
    /// each parameter) of more than 30,000 bytes for a broken connection.
    static let describableCount = 7_000

    private struct Field {
        let offset: Int
        let length: Int32
        let isBinary: Bool
    }

    private var fields: [Field] = []
    private(set) var bytes: [UInt8] = []
    private let maximumBytes: Int

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    init(_ values: [(any PostgresEncodable)?], maximumBytes: Int) throws {
        self.maximumBytes = maximumBytes
        guard values.count <= Self.maximumCount else {
            throw PostgresError.invalidParameter(
                "the statement has \(values.count) parameters, PostgreSQL takes at most \(Self.maximumCount)")
        }
        fields.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            guard let value else {
                fields.append(Field(offset: -1, length: 0, isBinary: false))
                continue
            }
            try value.encode(into: &self)
            guard fields.count == index + 1 else {
                throw PostgresError.misuse("\(type(of: value)) doesn't encode exactly one parameter")
            }
        }
    }

    var count: Int { fields.count }

    /// Appends a value in PostgreSQL's text form.
    public mutating func append(text: String) throws {
        var text = text
        try text.withUTF8 { try append(text: $0) }
    }

    /// Appends a value in PostgreSQL's text form, as UTF-8.
    public mutating func append(text utf8: UnsafeBufferPointer<UInt8>) throws {
        guard utf8.baseAddress.flatMap({ memchr($0, 0, utf8.count) }) == nil else {
            throw PostgresError.invalidParameter(
                "$\(fields.count + 1) contains a NUL character, which PostgreSQL can't store in text")
        }
        try appendField(utf8, isBinary: false)
        bytes.append(0)
    }

    /// Appends a value in PostgreSQL's binary form, which is right for `bytea` only, unless the statement casts the
    /// parameter to a known type.
    public mutating func append(binary value: [UInt8]) throws {
        try value.withUnsafeBufferPointer { try appendField($0, isBinary: true) }
    }

    private mutating func appendField(_ value: UnsafeBufferPointer<UInt8>, isBinary: Bool) throws {
        guard bytes.count + value.count <= maximumBytes else {
            throw PostgresError.invalidParameter(
                "$\(fields.count + 1) makes the statement's parameters larger than \(maximumBytes) bytes")
        }
        fields.append(Field(offset: bytes.count, length: Int32(value.count), isBinary: isBinary))
        bytes.append(contentsOf: value)
    }

    /// Calls the body with libpq's parallel arrays; the pointers are valid until it returns.
    func withArrays<Value>(
        _ body: (_ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]) -> Value
    ) -> Value {
        bytes.withUnsafeBytes { buffer in
            // An empty bytea has no storage of its own, yet a null pointer would mean NULL.
            let base = buffer.baseAddress ?? UnsafeRawPointer(Self.nothing)
            let values = fields.map { field -> UnsafePointer<CChar>? in
                field.offset < 0 ? nil : (base + field.offset).assumingMemoryBound(to: CChar.self)
            }
            return body(values, fields.map(\.length), fields.map { $0.isBinary ? 1 : 0 })
        }
    }

    // Written once, before anyone reads it.
    private nonisolated(unsafe) static let nothing: UnsafePointer<CChar> = {
        let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        pointer.pointee = 0
        return UnsafePointer(pointer)
    }()
}
