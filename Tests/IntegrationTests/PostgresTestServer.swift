import Glibc
import Platform

/// A PostgreSQL server of its own for a test that stops it, kills it or gives it certificates.
///
/// Its programs are in the folder `TEST_POSTGRES_BIN`. They refuse to run as root, so root starts them as `nobody`.
final class PostgresTestServer: Sendable {
    let port: UInt16
    private let bin: String
    private let folder: TestFolder
    private let settings: [String]
    private let process = Lock<TestProcess?>(nil)

    /// - Parameter settings: lines for `postgresql.conf`, as `name=value`.
    init(settings: [String] = []) throws {
        bin = try TestEnvironment.require("TEST_POSTGRES_BIN")
        port = try freePort()
        folder = try TestFolder()
        self.settings = settings
        try TestProcess.run(["chmod", "711", folder.path], output: log)
        if getuid() == 0 { try TestProcess.run(["chown", Self.user, folder.path], output: log) }
        try TestProcess.run(
            Self.unprivileged + [
                "\(bin)/initdb", "-D", data, "-U", "app", "--auth=trust", "-E", "UTF8", "--no-locale", "--no-sync",
            ], output: log)
    }

    private var log: String { "\(folder.path)/log" }
    private var data: String { "\(folder.path)/data" }

    func url(host: String = "127.0.0.1", database: String = "postgres", query: String = "") -> String {
        "postgresql://app:s3cret@\(host):\(port)/\(database)\(query)"
    }

    /// Starts the server and waits until it takes connections.
    func start() throws {
        var last = ""
        // After a kill the old server's children may still hold its memory for a moment.
        for _ in 0..<50 {
            var arguments = ["\(bin)/postgres", "-D", data, "-p", "\(port)", "-k", "", "-c", "fsync=off"]
            arguments += ["-c", "listen_addresses=127.0.0.1"] + settings.flatMap { ["-c", $0] }
            let started = try TestProcess(Self.unprivileged + arguments, output: log)
            if isReady(started) {
                process.withLock { $0 = started }
                return
            }
            started.signal(SIGKILL)
            started.wait()
            last = (try? SmallFile.read(log, limit: 1 << 20)) ?? ""
        }
        throw TestProcess.Failure(description: "the server didn't start: \(last.suffix(2000))")
    }

    private func isReady(_ started: TestProcess) -> Bool {
        for _ in 0..<200 {
            var status: Int32 = 0
            if waitpid(started.identifier, &status, WNOHANG) != 0 { return false }
            let check = try? TestProcess(["\(bin)/pg_isready", "-q", "-h", "127.0.0.1", "-p", "\(port)"], output: log)
            if check?.wait() == 0 { return true }
            usleep(20_000)
        }
        return false
    }

    /// SIGKILL to the server's main process: no goodbye to anyone.
    func kill() { end(SIGKILL) }

    /// The server stops, and its folder goes.
    func remove() {
        end(SIGINT)
        folder.remove()
    }

    private func end(_ signal: Int32) {
        let running = process.withLock { process in
            defer { process = nil }
            return process
        }
        running?.signal(signal)
        running?.wait()
    }

    /// Puts a file where the server can read it and nobody else.
    func install(_ path: String, as name: String) throws {
        try TestProcess.run(["install", "-m", "600", path, "\(data)/\(name)"], output: log)
        if getuid() == 0 { try TestProcess.run(["chown", Self.user, "\(data)/\(name)"], output: log) }
    }

    private static let user = "nobody"

    private static var unprivileged: [String] {
        guard getuid() == 0 else { return [] }
        return ["setpriv", "--reuid=\(user)", "--regid=nogroup", "--clear-groups"]
    }
}
