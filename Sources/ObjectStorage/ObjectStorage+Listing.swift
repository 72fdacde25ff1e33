import FoundationEssentials

/// A page of the objects in a bucket, in the order of their keys' bytes.
public struct ObjectListing: Sendable {
    public struct Entry: Hashable, Sendable {
        public let key: String
        public let length: Int
        public let etag: String?
        public let lastModified: Date?
    }

    public let entries: [Entry]
    /// What keys have in common up to the delimiter, where one was given.
    public let commonPrefixes: [String]
    /// Gives the next page; nil on the last.
    public let continuation: String?
}

extension ObjectStorage {
    /// A page of the bucket's objects.
    ///
    /// - Parameter limit: entries and common prefixes together, 1 to 1,000.
    public func listObjects(
        prefix: String = "", delimiter: String? = nil, continuation: String? = nil, limit: Int = 1000
    ) async throws -> ObjectListing {
        guard (1...1000).contains(limit) else {
            throw ObjectStorageError.invalidArgument(reason: "a page has 1 to 1,000 entries")
        }
        var operation = Operation(
            name: "ListObjectsV2", method: "GET",
            query: [("list-type", "2"), ("max-keys", "\(limit)"), ("encoding-type", "url")])
        if !prefix.isEmpty { operation.query.append(("prefix", prefix)) }
        if let delimiter { operation.query.append(("delimiter", delimiter)) }
        if let continuation { operation.query.append(("continuation-token", continuation)) }
        return try await document(operation, root: "ListBucketResult") { root in
            guard let listing = ObjectListing(root) else {
                throw ObjectStorageError.invalidAnswer(operation: operation.name, reason: "an entry is incomplete")
            }
            return listing
        }
    }
}

extension ObjectListing {
    init?(_ root: XMLElement) {
        let isEncoded = root.text("EncodingType") == "url"
        func name(_ text: String?) -> String? { isEncoded ? text.flatMap(PercentEncoding.decode) : text }
        var entries: [Entry] = []
        for element in root.all("Contents") {
            guard let key = name(element.text("Key")), let length = element.text("Size").flatMap(Int.init) else {
                return nil
            }
            entries.append(
                Entry(
                    key: key, length: length, etag: element.text("ETag"),
                    lastModified: element.text("LastModified").flatMap(AnswerDate.fromListing)))
        }
        self.entries = entries
        commonPrefixes = root.all("CommonPrefixes").compactMap { name($0.text("Prefix")) }
        continuation = root.text("IsTruncated") == "true" ? root.text("NextContinuationToken") : nil
    }
}
