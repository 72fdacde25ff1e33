import CLinux
import Glibc

/// Prometheus' usual metrics of the process itself, read from proc(5) when rendered.
public enum ProcessMetrics {
    public static func register(in registry: MetricsRegistry) {
        registry.observedGauge("process_resident_memory_bytes", help: "Resident memory.") { residentBytes() }
        registry.observedGauge("process_virtual_memory_bytes", help: "Virtual memory.") { virtualBytes() }
        registry.observedCounter("process_cpu_seconds_total", help: "CPU time, user and system.") { cpuSeconds() }
        registry.observedGauge("process_open_fds", help: "Open file descriptors.") { openDescriptors() }
        registry.observedGauge("process_max_fds", help: "Limit of open file descriptors.") { maximumDescriptors() }
        registry.observedGauge("process_threads", help: "Threads of the process.") { threads() }
        let startTime = startTime()
        registry.observedGauge("process_start_time_seconds", help: "Start of the process, in Unix time.") { startTime }
    }

    static func residentBytes() -> Double? { pages(field: 1) }

    private static func virtualBytes() -> Double? { pages(field: 0) }

    private static func pages(field: Int) -> Double? {
        guard let text = try? SmallFile.read("/proc/self/statm", limit: 4096) else { return nil }
        let numbers = text.split(separator: " ")
        guard numbers.count > field, let pages = Double(numbers[field]) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    static func cpuSeconds() -> Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func openDescriptors() -> Double? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        // Neither ".", nor "..", nor the descriptor of this very listing.
        return Double(max(0, entries - 3))
    }

    private static func maximumDescriptors() -> Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur == rlim_t.max ? .infinity : Double(limit.rlim_cur)
    }

    private static func threads() -> Double? { statistics(field: 17) }

    /// Start of the process in Unix time: boot time plus field 22 of /proc/self/stat.
    static func startTime() -> Double? {
        guard let ticks = statistics(field: 19), let text = try? SmallFile.read("/proc/stat", limit: 1 << 20),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let boot = Double(line.dropFirst(6))
        else { return nil }
        return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// A field of /proc/self/stat, counted from the one after the process's name, which may contain anything.
    private static func statistics(field: Int) -> Double? {
        guard let text = try? SmallFile.read("/proc/self/stat", limit: 4096), let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > field ? Double(fields[field]) : nil
    }
}
