// swift-tools-version:6.2

import PackageDescription

// Every run-time library comes from the distribution; see docs/architecture.md.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func cLibrary(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
    name: "livekit-conference",
    products: [
        .executable(name: "livekit-conference", targets: ["livekit-conference"])
    ],
    targets: [
        cLibrary("CLinux", apt: "libc6-dev"),
        cLibrary("CSystemd", pkgConfig: "libsystemd", apt: "libsystemd-dev"),
        cLibrary("CLibpq", pkgConfig: "libpq", apt: "libpq-dev"),
        cLibrary("CHiredis", apt: "libhiredis-dev"),
        cLibrary("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        cLibrary("CMicrohttpd", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
        cLibrary("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        cLibrary("CExpat", pkgConfig: "expat", apt: "libexpat1-dev"),
        cLibrary("CCjose", apt: "libcjose-dev"),
        cLibrary("CArgon2", pkgConfig: "libargon2", apt: "libargon2-dev"),
        library("Platform", ["CLinux", "CSystemd"]),
        library("HTTPServer", ["Platform", "CMicrohttpd", "CLinux"]),
        library("HTTPClient", ["Platform", "CCurl"]),
        library("Postgres", ["Platform", "CLibpq", "COpenSSL", "CLinux"]),
        library("Redis", ["Platform", "CHiredis", "COpenSSL", "CLinux"]),
        library("ObjectStorage", ["Platform", "HTTPClient", "COpenSSL", "CExpat"]),
        library("LiveKit", ["Platform", "HTTPClient", "CCjose", "COpenSSL"]),
        library("Conference"),
        library(
            "ConferenceStores",
            [
                "Conference", "Platform", "Postgres", "Redis", "ObjectStorage", "LiveKit", "CArgon2", "COpenSSL",
            ]),
        library("ConferenceAPI", ["Conference", "Platform", "HTTPServer"]),
        .executableTarget(
            name: "livekit-conference",
            dependencies: [
                "Platform", "HTTPServer", "HTTPClient", "Postgres", "Redis", "ObjectStorage", "LiveKit", "Conference",
                "ConferenceStores", "ConferenceAPI", "CLinux",
            ],
            swiftSettings: swiftSettings
        ),
        // A server and a signal for tests; no product holds it.
        .target(
            name: "TestSupport", dependencies: ["Platform", "COpenSSL"], path: "Tests/TestSupport",
            swiftSettings: swiftSettings),
        // Doubles of the domain's ports; no product holds them.
        .target(
            name: "ConferenceTestSupport", dependencies: ["Platform", "Conference"],
            path: "Tests/ConferenceTestSupport",
            swiftSettings: swiftSettings),
        // For ansible-free-scripts/bench; no product of the package holds it.
        .executableTarget(
            name: "RedisBench", dependencies: ["Platform", "Redis"], path: "Tests/Bench/RedisBench",
            swiftSettings: swiftSettings),
        tests("PlatformTests", ["Platform", "CLinux"]),
        tests("HTTPServerTests", ["HTTPServer", "Platform", "CLinux", "TestSupport"]),
        tests("HTTPClientTests", ["HTTPClient", "Platform", "TestSupport"]),
        tests("PostgresTests", ["Postgres", "Platform", "CLibpq", "CLinux", "TestSupport"]),
        tests("RedisTests", ["Redis", "Platform", "TestSupport"]),
        tests("ObjectStorageTests", ["ObjectStorage", "HTTPClient", "Platform", "TestSupport"]),
        tests("LiveKitTests", ["LiveKit", "HTTPClient", "Platform", "TestSupport"]),
        tests("ConferenceTests", ["Platform", "Conference", "ConferenceTestSupport", "TestSupport"]),
        tests(
            "ConferenceAPITests",
            ["ConferenceAPI", "Conference", "HTTPServer", "Platform", "ConferenceTestSupport", "TestSupport"]),
        tests(
            "CommandLineTests",
            [
                "livekit-conference", "Conference", "ConferenceAPI", "HTTPClient", "HTTPServer", "ObjectStorage",
                "Platform", "CLinux", "TestSupport",
            ]),
        tests(
            "IntegrationTests",
            [
                "Platform", "HTTPClient", "Postgres", "Redis", "ObjectStorage", "LiveKit", "Conference",
                "ConferenceStores", "TestSupport", "ConferenceTestSupport",
            ]),
    ]
)
