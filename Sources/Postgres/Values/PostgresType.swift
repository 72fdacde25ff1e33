/// The object identifier of a built-in type: `oid` of `pg_type`, fixed for these by PostgreSQL's catalog.
public struct PostgresType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let bool = PostgresType(rawValue: 16)
    public static let bytea = PostgresType(rawValue: 17)
    public static let name = PostgresType(rawValue: 19)
    public static let int8 = PostgresType(rawValue: 20)
    public static let int2 = PostgresType(rawValue: 21)
    public static let int4 = PostgresType(rawValue: 23)
    public static let text = PostgresType(rawValue: 25)
    public static let oid = PostgresType(rawValue: 26)
    public static let json = PostgresType(rawValue: 114)
    public static let float4 = PostgresType(rawValue: 700)
    public static let float8 = PostgresType(rawValue: 701)
    public static let unknown = PostgresType(rawValue: 705)
    public static let nameArray = PostgresType(rawValue: 1003)
    public static let textArray = PostgresType(rawValue: 1009)
    public static let varcharArray = PostgresType(rawValue: 1015)
    public static let int8Array = PostgresType(rawValue: 1016)
    public static let bpchar = PostgresType(rawValue: 1042)
    public static let varchar = PostgresType(rawValue: 1043)
    public static let timestamptz = PostgresType(rawValue: 1184)
    public static let numeric = PostgresType(rawValue: 1700)
    public static let void = PostgresType(rawValue: 2278)
    public static let uuid = PostgresType(rawValue: 2950)
    public static let uuidArray = PostgresType(rawValue: 2951)
    public static let jsonb = PostgresType(rawValue: 3802)

    /// The types whose binary form is read here. A result with any other comes as text, all columns of it, because the
    /// protocol as libpq offers it has one format for a whole result.
    static let readInBinary: Set<PostgresType> = [
        .bool, .bytea, .name, .int8, .int2, .int4, .text, .oid, .json, .float4, .float8, .nameArray, .textArray,
        .varcharArray, .int8Array, .bpchar, .varchar, .timestamptz, .void, .uuid, .uuidArray, .jsonb,
    ]

    /// Types that hold text of the user, whose text and binary forms are the same bytes.
    static let textual: Set<PostgresType> = [.name, .text, .json, .unknown, .bpchar, .varchar, .void]

    private static let names: [PostgresType: String] = [
        .bool: "boolean", .bytea: "bytea", .name: "name", .int8: "bigint", .int2: "smallint", .int4: "integer",
        .text: "text", .oid: "oid", .json: "json", .float4: "real", .float8: "double precision", .unknown: "unknown",
        .nameArray: "name[]", .textArray: "text[]", .varcharArray: "varchar[]", .int8Array: "bigint[]",
        .bpchar: "char", .varchar: "varchar", .timestamptz: "timestamptz", .numeric: "numeric", .void: "void",
        .uuid: "uuid", .uuidArray: "uuid[]", .jsonb: "jsonb",
    ]
}

extension PostgresType: CustomStringConvertible {
    public var description: String { Self.names[self] ?? "type \(rawValue)" }
}
