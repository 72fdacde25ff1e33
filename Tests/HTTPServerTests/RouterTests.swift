import Platform
import Testing

@testable import HTTPServer

@Suite("Router")
struct RouterTests {
    @Test("prefers a literal segment to a parameter, and goes back when it leads nowhere")
    func literalFirst() async {
        var router = Router()
        router.add(.get, "/a/b/c") { _ in HTTPResponse(201) }
        router.add(.get, "/a/{x}/d") { request in
            HTTPResponse(202, headers: ["X": request.parameters["x"] ?? ""])
        }
        router.add(.get, "/a/{x}") { _ in HTTPResponse(203) }
        #expect(await answer(router, "/a/b/c").status == 201)
        let backtracked = await answer(router, "/a/b/d")
        #expect(backtracked.status == 202)
        #expect(backtracked.headers["x"] == "b")
        #expect(await answer(router, "/a/b").status == 203)
        #expect(await answer(router, "/a").status == 404)
        #expect(await answer(router, "/a/b/c/d").status == 404)
    }

    @Test("runs middleware from the outside in, also without a route")
    func middlewareOrder() async {
        struct Tag: Middleware {
            let name: String
            func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
                var response = try await next(request)
                response.headers["X-Order"] = (response.headers["X-Order"] ?? "") + name
                return response
            }
        }
        var router = Router()
        router.use(Tag(name: "a"))
        router.use(Tag(name: "b"))
        router.add(.get, "/x") { _ in HTTPResponse(.ok) }
        #expect(await answer(router, "/x").headers["X-Order"] == "ba")
        #expect(await answer(router, "/nothing").headers["X-Order"] == "ba")
    }

    /// Notes the status that middleware sees.
    private struct Witness: Middleware {
        let seen: Lock<[Int]>

        func handle(_ request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
            let response = try await next(request)
            seen.withLock { $0.append(response.status.rawValue) }
            return response
        }
    }

    @Test("shows middleware what is answered: broken percent-encoding, not modified, a client that left")
    func middlewareSeesAll() async {
        let witness = Witness(seen: Lock([]))
        var router = Router(problemRenderer: { problem, _ in HTTPResponse(problem.status) })
        router.use(witness)
        router.add(.get, "/{x}") { _ in HTTPResponse(.ok, headers: ["ETag": "\"1\""]) }
        router.add(.get, "/wait/{x}") { _ in
            try await Task.sleep(for: .seconds(60))
            return HTTPResponse(.ok)
        }
        #expect(await answer(router, "/%zz").status == 400)
        let known = HTTPRequest(
            method: .get, path: "/a", headers: ["If-None-Match": "\"1\""], clientAddress: "", id: "")
        #expect(await router.respond(to: known).status == 304)
        let waiting = Task { [router] in await answer(router, "/wait/a").status }
        waiting.cancel()
        #expect(await waiting.value == HTTPStatus(rawValue: 499))
        #expect(witness.seen.withLock { $0 } == [400, 304, 499])
    }

    @Test("numbers routes in the order in which they were added, and gives HEAD the route of GET")
    func routeIndex() async {
        var router = Router()
        for template in ["/a", "/a/{x}", "/b"] {
            router.add(.get, template) { HTTPResponse(.ok, headers: ["X": "\($0.routeIndex ?? -1)"]) }
        }
        #expect(await answer(router, "/a").headers["X"] == "0")
        #expect(await answer(router, "/b").headers["X"] == "2")
        let head = HTTPRequest(method: .head, path: "/a/1", clientAddress: "", id: "")
        #expect(await router.respond(to: head).headers["X"] == "1")
    }

    @Test("knows a path by whole segments")
    func wholeSegments() async {
        var router = Router()
        router.add(.get, "/") { _ in HTTPResponse(201) }
        router.add(.get, "/ab/{x}/c") { _ in HTTPResponse(202) }
        #expect(await answer(router, "/").status == 201)
        #expect(await answer(router, "/ab/x/c").status == 202)
        for path in ["/ab", "/ab/", "/ab//c", "/ab/x/c/", "/abc/x/c", "/a/x/c", "//", ""] {
            #expect(await answer(router, path).status == 404 || path == "", "\(path)")
        }
    }

    @Test("decodes each parameter once")
    func decodedOnce() async {
        var router = Router()
        router.add(.get, "/{x}") { HTTPResponse(.ok, headers: ["X": $0.parameters["x"] ?? ""]) }
        #expect(await answer(router, "/%2541").headers["X"] == "%41")
    }

    private func answer(_ router: Router, _ path: String) async -> HTTPResponse {
        await router.respond(to: HTTPRequest(method: .get, path: path, clientAddress: "", id: ""))
    }
}

@Suite("Addresses")
struct AddressTests {
    @Test(
        "Listen addresses are read in three forms",
        arguments: [
            ("127.0.0.1:3001", true), ("[::1]:80", true), ("unix:/run/a.sock", true), ("::1:80", false),
            ("localhost:80", false),
            ("127.0.0.1", false), ("127.0.0.1:70000", false), ("unix:relative", false),
            ("[127.0.0.1]:1", false), (":80", false),
        ])
    func listenAddress(text: String, isValid: Bool) {
        #expect((ListenAddress(text) != nil) == isValid)
        if isValid { #expect(ListenAddress(text)?.description == text) }
    }

    @Test("Networks contain what their prefix says")
    func networks() throws {
        let proxies = try #require(TrustedProxies(["10.1.0.0/15", "fd00::/8", "192.0.2.1"]))
        #expect(proxies.trusts(IPAddress("10.0.255.255")))
        #expect(!proxies.trusts(IPAddress("10.2.0.0")))
        #expect(proxies.trusts(IPAddress("fd12::1")))
        #expect(proxies.trusts(IPAddress("::ffff:192.0.2.1")))
        #expect(!proxies.trusts(IPAddress("192.0.2.2")))
        #expect(!proxies.trusts(nil))
        #expect(TrustedProxies(["10.0.0.0/33"]) == nil)
        #expect(TrustedProxies(["example.org"]) == nil)
    }

    @Test("The client is the last address that no trusted proxy has")
    func clientAddress() throws {
        let proxies = try #require(TrustedProxies(["10.0.0.0/8"]))
        let peer = IPAddress("10.0.0.1")
        #expect(
            proxies.clientAddress(peer: peer, forwardedFor: ["1.1.1.1, 2.2.2.2, 10.9.9.9"]) == "2.2.2.2")
        #expect(proxies.clientAddress(peer: peer, forwardedFor: ["1.1.1.1", "2.2.2.2"]) == "2.2.2.2")
        #expect(proxies.clientAddress(peer: peer, forwardedFor: ["1.1.1.1, nonsense"]) == "10.0.0.1")
        #expect(
            proxies.clientAddress(peer: IPAddress("3.3.3.3"), forwardedFor: ["1.1.1.1"]) == "3.3.3.3")
        #expect(proxies.clientAddress(peer: nil, forwardedFor: ["1.1.1.1"]) == "unix")
    }
}
