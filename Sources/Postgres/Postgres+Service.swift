import Platform

extension Postgres: Service {
    public var name: String { "postgres" }
}
