import Glibc
import Platform

/// A redis-server of a test's own, on a free port of the loopback, without persistence unless asked for.
final class RedisServerProcess {
    let port: UInt16
    let folder: String
    private let arguments: [String]
    private var process: pid_t = 0

    /// - Parameter arguments: added to the command line; `{folder}` and `{port}` are replaced.
    init(_ arguments: [String] = []) throws {
        let program = try TestEnvironment.require("TEST_REDIS_SERVER")
        port = try freePort()
        folder = try temporaryFolder("redis")
        var all = [
            program, "--port", "\(port)", "--bind", "127.0.0.1", "127.0.0.2", "--dir", folder, "--save", "",
            "--logfile", "\(folder)/log", "--daemonize", "no",
        ]
        for argument in arguments {
            all.append(argument.replacing("{folder}", with: folder).replacing("{port}", with: "\(port)"))
        }
        self.arguments = all
    }

    deinit {
        kill()
        try? run(["/bin/rm", "-rf", folder])
    }

    var url: String { "redis://127.0.0.1:\(port)" }

    func start() throws {
        precondition(process == 0)
        process = try spawn(arguments)
    }

    /// As a crash or `kill -9` ends it.
    func kill() {
        guard process != 0 else { return }
        Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        process = 0
    }

    /// Freezes it: connections stay open, and nothing is answered.
    func freeze() { Glibc.kill(process, SIGSTOP) }
    func thaw() { Glibc.kill(process, SIGCONT) }
}

/// A port that is free now.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError("socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let succeeded = withUnsafeMutableBytes(of: &address) { raw in
        raw.withMemoryRebound(to: sockaddr.self) { buffer in
            bind(descriptor, buffer.baseAddress!, length) == 0
                && getsockname(descriptor, buffer.baseAddress!, &length) == 0
        }
    }
    guard succeeded else { throw SystemError("bind") }
    return UInt16(bigEndian: address.sin_port)
}

func temporaryFolder(_ purpose: String) throws -> String {
    var template = Array("/tmp/livekit-conference-\(purpose)-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template) else { throw SystemError("mkdtemp") }
    return String(cString: path)
}

func spawn(_ arguments: [String]) throws -> pid_t {
    var process: pid_t = 0
    var cArguments = arguments.map { strdup($0) } + [nil]
    defer { for argument in cArguments { free(argument) } }
    let status = posix_spawnp(&process, arguments[0], nil, nil, &cArguments, environ)
    guard status == 0 else { throw SystemError("posix_spawnp \(arguments[0])", code: status) }
    return process
}

struct CommandFailed: Error {
    let arguments: [String]
    let status: Int32
}

/// Runs a program to its end.
func run(_ arguments: [String]) throws {
    let process = try spawn(arguments)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else { throw CommandFailed(arguments: arguments, status: status) }
}
