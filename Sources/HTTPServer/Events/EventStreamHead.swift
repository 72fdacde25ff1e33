import Glibc

/// The head of an answer that the server writes itself. Its content ends with the connection (RFC 9112, section 6.3).
enum EventStreamHead {
    /// - Returns: nil when a header field's name or value can't be sent.
    static func bytes(of response: HTTPResponse, at time: time_t) -> [UInt8]? {
        var text = "HTTP/1.1 \(response.status.rawValue) OK\r\nDate: \(date(time))\r\nConnection: close\r\n"
        for (name, value) in response.headers {
            guard NativeResponse.isSafe(name), NativeResponse.isSafe(value) else { return nil }
            text += "\(name): \(value)\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    /// IMF-fixdate of RFC 9110, section 5.6.7.
    static func date(_ time: time_t) -> String {
        var time = time
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { twoDigits($0) }.joined(separator: ":")
        let day = "\(days[Int(parts.tm_wday)]), \(twoDigits(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        return "\(day) \(parts.tm_year + 1900) \(clock) GMT"
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
