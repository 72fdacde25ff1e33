import CLinux
import Glibc

/// Secrets that systemd hands to the service as files (`LoadCredential=`, systemd.exec(5)), named in lower case.
public struct CredentialsDirectory: Sendable {
    private let directory: String
    private static let limit = 64 * 1024

    public init(_ directory: String) { self.directory = directory }

    /// The directory named by `CREDENTIALS_DIRECTORY`, or nil outside of systemd.
    public init?(environment: [String: String]) {
        guard let directory = environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else { return nil }
        self.directory = directory
    }

    func path(of name: String) -> String { "\(directory)/\(name.lowercased())" }

    /// The credential for a variable without the line feed at its end, or nil when there is none.
    public func read(_ name: String) throws(InvalidSetting) -> String? {
        do {
            let text = try SmallFile.read(path(of: name), limit: Self.limit)
            let value = text.hasSuffix("\n") ? String(text.dropLast()) : text
            guard !value.unicodeScalars.contains(where: { $0 == "\0" || $0 == "\n" }) else {
                throw InvalidSetting("has more than one line in the credential \(path(of: name))")
            }
            return value
        } catch let error as SystemError {
            if error.code == ENOENT { return nil }
            throw InvalidSetting("can't be read from the credential \(path(of: name)): \(error)")
        } catch let error as InvalidSetting {
            throw error
        } catch {
            throw InvalidSetting("can't be read from the credential \(path(of: name))")
        }
    }
}
