import HTTPServer
import Platform

/// The server's address can't be had.
struct ListenFailure: Error, CustomStringConvertible {
    let address: ListenAddress
    let cause: SystemError

    var description: String {
        "can't listen on \(address): \(cause); stop what listens there, or set LISTEN to another address"
    }
}
