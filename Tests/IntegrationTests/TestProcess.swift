import Glibc
import Platform

/// A program that a test starts, by its own arguments and without a shell.
final class TestProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let identifier: pid_t
    /// What it printed, both streams.
    let outputPath: String

    /// - Parameters:
    ///   - arguments: the program's path, or a name found in `PATH`, and its arguments.
    ///   - output: a file that takes both streams.
    init(_ arguments: [String], output: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Test threads may have blocked signals that the program needs.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let strings = arguments.map { strdup($0) }
        defer { for string in strings { free(string) } }
        var process = pid_t()
        let status = posix_spawnp(&process, arguments[0], &actions, &attributes, strings + [nil], environ)
        guard status == 0 else {
            throw Failure(description: "\(arguments[0]): \(SystemError.message(of: status))")
        }
        identifier = process
        outputPath = output
    }

    /// Waits for the end; blocks the calling thread.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    func signal(_ number: Int32) { kill(identifier, number) }

    /// Runs a program to its end and expects it to succeed.
    static func run(_ arguments: [String], output: String) throws {
        let status = try TestProcess(arguments, output: output).wait()
        guard status == 0 else {
            let text = (try? SmallFile.read(output, limit: 1 << 20)) ?? ""
            throw Failure(description: "\(arguments.joined(separator: " ")) ended with \(status): \(text.suffix(2000))")
        }
    }
}

/// A folder under the system's temporary one, removed with everything in it.
struct TestFolder: Sendable {
    let path: String

    init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/livekit-conference-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func write(_ text: String, to name: String) throws {
        guard let file = fopen("\(path)/\(name)", "w") else { throw SystemError("fopen") }
        defer { fclose(file) }
        guard fwrite(text, 1, text.utf8.count, file) == text.utf8.count else { throw SystemError("fwrite") }
    }

    func remove(_ name: String) throws {
        guard unlink("\(path)/\(name)") == 0 else { throw SystemError("unlink") }
    }

    func remove() {
        _ = try? TestProcess(["rm", "-rf", path], output: "/dev/null").wait()
    }
}
