extension Double: PostgresEncodable, PostgresDecodable {
    public func encode(into parameters: inout PostgresParameters) throws {
        switch self {
        case .infinity: try parameters.append(text: "Infinity")
        case -.infinity: try parameters.append(text: "-Infinity")
        default: try parameters.append(text: isNaN ? "NaN" : "\(self)")
        }
    }

    public static func decode(_ cell: PostgresCell) throws -> Double {
        guard !cell.isNull else { throw cell.error(expected: "Double") }
        switch (cell.type, cell.isBinary) {
        case (.float8, true): return Double(bitPattern: try cell.integer(as: UInt64.self))
        case (.float4, true): return Double(Float(bitPattern: try cell.integer(as: UInt32.self)))
        case (.float4, false):
            // Through Float, so that both forms give the same value.
            guard let value = Float(cell.text) else { throw cell.error(expected: "Double") }
            return Double(value)
        case (.float8, false), (.numeric, false):
            guard let value = Double(cell.text) else { throw cell.error(expected: "Double") }
            return value
        case (.int2, _), (.int4, _), (.int8, _): return Double(try Int.decode(cell))
        default: throw cell.error(expected: "Double")
        }
    }
}
