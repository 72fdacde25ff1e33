import Glibc
import Platform

/// The machine as checks see it.
struct DoctorHost: Sendable {
    let settings: DoctorSettings
    let isRoot: Bool
    /// Before every path; not empty in tests only.
    let root: String
    /// Runs a program of the system: its absolute path and arguments.
    let run: @Sendable (String, [String]) throws(DoctorFinding) -> HostProgram.Output

    init(
        settings: DoctorSettings, isRoot: Bool = geteuid() == 0, root: String = "",
        run: @escaping @Sendable (String, [String]) throws(DoctorFinding) -> HostProgram.Output = HostProgram.run
    ) {
        self.settings = settings
        self.isRoot = isRoot
        self.root = root
        self.run = run
    }

    /// The text of a file of the system; nil where there is none.
    ///
    /// - Throws: ``DoctorFinding`` when it can't be read.
    func text(_ path: String) throws(DoctorFinding) -> String? {
        do {
            return try SmallFile.read(root + path, limit: 16 << 20)
        } catch {
            if error.code == ENOENT { return nil }
            throw .unknown("\(path) can't be read: \(error)", isRoot ? nil : "Run it as root.")
        }
    }

    func exists(_ path: String) -> Bool { SmallFile.exists(root + path) }

    /// Whether systemd runs this machine (sd_booted(3)).
    var hasSystemd: Bool { exists("/run/systemd/system") }
}
