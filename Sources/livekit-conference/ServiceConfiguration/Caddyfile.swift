import HTTPServer
import Platform

/// Caddy's configuration: TLS, the API, the web application and LiveKit's WebSocket, under one name or several.
enum Caddyfile {
    /// What one site serves.
    private struct Site {
        let origin: String
        var hasAPI = false
        var hasApplication = false
        var hasLiveKit = false
    }

    static func text(_ configuration: Configuration) -> String {
        let lines = [ServiceFiles.notice] + options(configuration.host) + snippet(configuration)
        return (lines + sites(configuration).flatMap { site($0, configuration) }).joined(separator: "\n")
    }

    private static func sites(_ configuration: Configuration) -> [Site] {
        var sites: [Site] = []
        func add(_ origin: String, _ change: (inout Site) -> Void) {
            let index = sites.firstIndex { $0.origin == origin }
            if index == nil { sites.append(Site(origin: origin)) }
            change(&sites[index ?? sites.count - 1])
        }
        add(configuration.http.publicURL.origin) { $0.hasAPI = true }
        add(configuration.http.frontendURL.origin) { $0.hasApplication = true }
        // A LiveKit elsewhere has its own name and certificate.
        if configuration.liveKit.url.isLoopback {
            add(webOrigin(configuration.liveKit.publicURL)) { $0.hasLiveKit = true }
        }
        return sites
    }

    /// The origin of a WebSocket's address as a browser's page would have it.
    private static func webOrigin(_ url: BaseURL) -> String {
        guard url.scheme == "ws" || url.scheme == "wss" else { return url.origin }
        return "http" + url.origin.dropFirst(2)
    }

    private static func options(_ host: HostSettings) -> [String] {
        var lines = ["{", "\tadmin unix//run/caddy/admin.sock", "\tgrace_period 10s"]
        if host.plainPort == .closed { lines.append("\tauto_https disable_redirects") }
        if host.certificates == .internal { lines.append("\tskip_install_trust") }
        if let email = host.acmeEmail { lines.append("\temail \(email)") }
        if let directory = host.acmeDirectory { lines.append("\tacme_ca \(directory)") }
        // Errors are logged with the request too: its query may hold an access token.
        return lines + logging + ["}"]
    }

    /// Logging to the journal without what opens doors: queries and headers, where tokens are, and the codes of join links.
    private static let logging = [
        "\tlog {",
        "\t\toutput stderr",
        "\t\tformat filter {",
        "\t\t\twrap json",
        "\t\t\trequest>uri regexp \"(/join/)[^/?]+|([?]).*\" \"$1$2...\"",
        "\t\t\trequest>headers delete",
        "\t\t\tresp_headers delete",
        "\t\t}",
        "\t}",
    ]

    private static func snippet(_ configuration: Configuration) -> [String] {
        var lines = ["(site) {"]
        switch (configuration.host.certificates, configuration.host.plainPort) {
        case (.internal, _): lines.append("\ttls internal")
        case (.acme, .closed):
            lines += ["\ttls {", "\t\tissuer acme {", "\t\t\tdisable_http_challenge"]
            if let directory = configuration.host.acmeDirectory { lines.append("\t\t\tdir \(directory)") }
            lines += ["\t\t}", "\t}"]
        case (.acme, .open): break
        }
        lines += [
            "\tencode zstd gzip",
            "\theader {",
            "\t\tStrict-Transport-Security \"max-age=31536000\"",
            "\t\tX-Content-Type-Options nosniff",
            "\t\t-Server",
            "\t}",
        ]
        return lines + logging + ["}"]
    }

    private static func site(_ site: Site, _ configuration: Configuration) -> [String] {
        var lines = ["\(site.origin) {", "\timport site", "\timport /etc/livekit-conference/caddy/*.caddy"]
        if site.hasLiveKit { lines += liveKit(configuration.liveKit.url) }
        if site.hasAPI { lines += api(configuration.http.listen) }
        lines += site.hasApplication ? application : ["\thandle {", "\t\trespond 404", "\t}"]
        return lines + ["}"]
    }

    private static func liveKit(_ url: BaseURL) -> [String] {
        [
            "\t@livekit path /rtc /rtc/*",
            "\thandle @livekit {",
            "\t\treverse_proxy \(url.host):\(url.port ?? 7880) {",
            "\t\t\tlb_try_duration 10s",
            "\t\t\t# Calls go on while Caddy takes over a changed configuration.",
            "\t\t\tstream_close_delay 1h",
            "\t\t}",
            "\t}",
        ]
    }

    /// The API without what is of no concern to the internet: metrics, and LiveKit's webhooks, which come by loopback.
    private static func api(_ address: ListenAddress) -> [String] {
        let upstream: String
        switch address {
        case .tcp("0.0.0.0", let port): upstream = "127.0.0.1:\(port)"
        case .tcp("::", let port): upstream = "[::1]:\(port)"
        case .tcp: upstream = "\(address)"
        case .unix(let path): upstream = "unix/\(path)"
        }
        return [
            "\t@api path /api /api/* /health /health/*",
            "\thandle @api {",
            "\t\treverse_proxy \(upstream) {",
            "\t\t\t# While the API restarts, requests wait.",
            "\t\t\tlb_try_duration 30s",
            "\t\t\tlb_try_interval 100ms",
            "\t\t\ttransport http {",
            "\t\t\t\t# Shorter than the second in which a stopping API still answers on idle connections.",
            "\t\t\t\tkeepalive 500ms",
            "\t\t\t}",
            "\t\t}",
            "\t}",
        ]
    }

    private static let application = [
        "\thandle {",
        "\t\troot * /usr/share/livekit-conference-web",
        "\t\t# Names with digests never get other content; pages are asked for again each time.",
        "\t\t@hashed path /_next/static/*",
        "\t\t@other not path /_next/static/*",
        "\t\theader @hashed Cache-Control \"public, max-age=31536000, immutable\"",
        "\t\theader @other Cache-Control no-cache",
        "\t\t# A page's own policy, which it brings along, can't say this: no other site shows it in a frame and catches clicks.",
        "\t\theader Content-Security-Policy \"frame-ancestors 'none'\"",
        "\t\t# One page for all links.",
        "\t\t@join {",
        "\t\t\tpath /join/*",
        "\t\t\tnot file",
        "\t\t}",
        "\t\trewrite @join /join.html",
        "\t\ttry_files {path} {path}.html {path}/index.html",
        "\t\tfile_server {",
        "\t\t\tprecompressed zstd br gzip",
        "\t\t}",
        "\t}",
        "\thandle_errors 404 {",
        "\t\troot * /usr/share/livekit-conference-web",
        "\t\trewrite * /404.html",
        "\t\tfile_server {",
        "\t\t\tstatus 404",
        "\t\t}",
        "\t}",
    ]
}
