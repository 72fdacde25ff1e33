import CLinux
import Glibc

/// How log entries leave the program.
public enum LogFormat: String, CaseIterable, Sendable {
    /// ``journal`` under systemd, ``text`` on a terminal, else ``json``.
    case auto
    case text
    case json
    case journal

    /// The sink for this format.
    ///
    /// - Parameters:
    ///   - descriptor: where text and JSON go.
    ///   - journalStream: the environment's `JOURNAL_STREAM`, which systemd sets to device and inode of the stream that
    ///     it connected to the journal (systemd.exec(5)).
    public func makeSink(
        descriptor: Int32 = STDERR_FILENO, identifier: String = "livekit-conference", journalStream: String?
    ) -> any LogSink {
        switch resolved(descriptor: descriptor, journalStream: journalStream) {
        case .journal: JournalSink(identifier: identifier)
        case .text: TextSink(descriptor: descriptor)
        case .auto, .json: JSONSink(descriptor: descriptor)
        }
    }

    /// What ``auto`` means here; the other formats mean themselves.
    func resolved(descriptor: Int32, journalStream: String?) -> LogFormat {
        guard self == .auto else { return self }
        if let journalStream, isStream(journalStream, STDERR_FILENO) || isStream(journalStream, descriptor) {
            return .journal
        }
        return isatty(descriptor) == 1 ? .text : .json
    }

    private func isStream(_ stream: String, _ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}
