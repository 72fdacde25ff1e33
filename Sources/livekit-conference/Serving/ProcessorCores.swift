import CLinux
import Glibc

/// The processor cores of this machine.
enum ProcessorCores {
    /// Those that are on; see sysconf(3).
    static var count: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }
}
