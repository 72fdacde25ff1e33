import Glibc

/// The services that integration tests use, by environment variables that the test command sets.
enum TestEnvironment {
    struct Missing: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) is not set; run ansible-free-scripts/test, which starts the services" }
    }

    /// The variable's value. A test without its service fails, it is never skipped silently.
    static func require(_ name: String) throws -> String {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { throw Missing(name: name) }
        return value
    }
}
