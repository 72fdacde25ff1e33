import CLinux
import Glibc
import Platform

/// Runs programs of the system that have no other interface: by their absolute path, without a shell, for a limited time.
enum HostProgram {
    struct Output: Sendable {
        let status: Int32
        /// Standard output and standard error together.
        let text: String

        init(status: Int32 = 0, _ text: String) {
            self.status = status
            self.text = text
        }
    }

    private static let outputLimit = 16 << 20
    /// Below the time limit of every check that runs a program.
    private static let patience = Duration.seconds(8)

    /// Blocks until the program has ended.
    ///
    /// - Throws: ``DoctorFinding`` when it can't be started or doesn't end.
    @Sendable static func run(_ path: String, _ arguments: [String]) throws(DoctorFinding) -> Output {
        guard access(path, X_OK) == 0 else { throw .unknown("\(path) is not installed") }
        var ends: [Int32] = [0, 0]
        // Unlike a pipe, made so that programs started at the same time don't hold it open.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .unknown("\(SystemError("socketpair"))")
        }
        defer { close(ends[0]) }
        let process: Result<pid_t, SystemError> = spawn([path] + arguments, output: ends[1])
        close(ends[1])
        switch process {
        case .failure(let error): throw .unknown("\(path) could not be started: \(error)")
        case .success(let process): return try collect(process, ends[0], path)
        }
    }

    private static func spawn(_ command: [String], output: Int32) -> Result<pid_t, SystemError> {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, so that what it starts ends with it; and SIGPIPE as it expects it.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        let settings = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
        let environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process = pid_t()
        let status = posix_spawn(&process, command[0], &files, &attributes, arguments, environment)
        return status == 0 ? .success(process) : .failure(SystemError("posix_spawn", code: status))
    }

    private static func collect(_ process: pid_t, _ descriptor: Int32, _ path: String) throws(DoctorFinding) -> Output {
        let begin = MonotonicTime.now
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        var isComplete = false
        while bytes.count < outputLimit {
            let left = patience - MonotonicTime.now.duration(since: begin)
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard left > .zero, poll(&request, 1, Int32(left / .milliseconds(1)) + 1) >= 0 || errno == EINTR else {
                break
            }
            guard request.revents != 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                isComplete = count == 0
                break
            }
            bytes += buffer[..<count]
        }
        if !isComplete { kill(-process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard isComplete else { throw .unknown("\(path) did not end within \(patience)") }
        // The low bits say how it ended, the next eight with what (wait(2)).
        return Output(status: status & 0x7f == 0 ? (status >> 8) & 0xff : -1, String(decoding: bytes, as: UTF8.self))
    }
}
