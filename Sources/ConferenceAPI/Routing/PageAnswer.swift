import Conference
import HTTPServer
import Platform

/// Answers with one page of a list; the next one is in the body and in a `Link` header (RFC 8288).
enum PageAnswer {
    static func make<Item>(
        _ page: Page<Item>, of call: Call, write: (Item, inout JSONWriter) -> Void
    ) -> HTTPResponse {
        make(page.items, next: page.next?.description, of: call, write: write)
    }

    /// - Parameter next: the cursor of the next page.
    static func make<Item>(
        _ items: [Item], next: String?, of call: Call, write: (Item, inout JSONWriter) -> Void
    ) -> HTTPResponse {
        var response = HTTPResponse.json { writer in
            writer.array("items") { writer in
                for item in items { write(item, &writer) }
            }
            writer.member("nextCursor", next)
        }
        if let next {
            var query = ["cursor=\(next)"]
            // Values that passed the declared schemas hold nothing that a URL would have to escape.
            for name in call.request.query.names where name != "cursor" {
                if let value = call.query(name) { query.append("\(name)=\(value)") }
            }
            response.headers["Link"] = "<\(call.request.path)?\(query.joined(separator: "&"))>; rel=\"next\""
        }
        return response
    }

    /// Which page a call asks for.
    static func request(_ call: Call) throws -> PageRequest {
        try PageRequest(
            limit: call.query("limit").flatMap { Int($0) }, cursor: call.query("cursor").map { try PageCursor($0) })
    }

    static func schema(_ name: String, of item: Schema) -> Schema {
        .named(
            name,
            .object(
                .required("items", .array(of: item, limit: Limits.pageSize.upperBound)),
                .required(
                    "nextCursor",
                    .string(nil, .cursor).nullable.described("For the next page; null on the last one."))))
    }
}
