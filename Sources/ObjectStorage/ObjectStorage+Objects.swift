import FoundationEssentials
import HTTPClient

/// What an object is stored with.
public struct ObjectMetadata: Hashable, Sendable {
    /// Bytes of the whole object, or of the range that was asked for.
    public let length: Int
    /// As the storage gives it, usually in quotation marks.
    public let etag: String?
    public let contentType: String?
    public let lastModified: Date?
}

/// An object on its way here.
public struct ObjectDownload: Sendable {
    public let metadata: ObjectMetadata
    public let body: HTTPClientResponseBody
}

extension ObjectStorage {
    /// Stores an object of up to 5 GiB, in place of one that was there.
    ///
    /// - Parameter body: bytes, or a stream, whose upload is not repeated when it fails.
    /// - Returns: the ETag.
    @discardableResult
    public func putObject(
        _ key: String, _ body: HTTPClientRequest.Body, contentType: String? = nil
    ) async throws -> String? {
        try Operation.checkKey(key)
        var operation = Operation(name: "PutObject", method: "PUT", key: key, body: body, movesContent: true)
        if let contentType { operation.headers.append(("content-type", contentType)) }
        if case .stream = body { operation.isIdempotent = false }
        return try await perform(operation)["ETag"]
    }

    /// Begins to read an object; the content is pulled by the reader.
    ///
    /// - Parameter range: the bytes wanted, nil for all. Beyond the object's end is refused with `InvalidRange`.
    public func getObject(_ key: String, range: Range<Int>? = nil) async throws -> ObjectDownload {
        try Operation.checkKey(key)
        var operation = Operation(name: "GetObject", method: "GET", key: key, movesContent: true)
        if let range {
            guard range.lowerBound >= 0, !range.isEmpty else {
                throw ObjectStorageError.invalidArgument(reason: "a range has at least one byte, from 0 on")
            }
            operation.headers.append(("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
        }
        return try await perform(operation) { response in
            guard range == nil || response.status == 206 else {
                throw ObjectStorageError.invalidAnswer(operation: operation.name, reason: "the range was ignored")
            }
            return ObjectDownload(metadata: try metadata(response.headers, operation), body: response.body)
        }
    }

    public func headObject(_ key: String) async throws -> ObjectMetadata {
        try Operation.checkKey(key)
        let operation = Operation(name: "HeadObject", method: "HEAD", key: key)
        return try metadata(try await perform(operation), operation)
    }

    /// Deletes an object; one that is not there counts as deleted.
    public func deleteObject(_ key: String) async throws {
        try Operation.checkKey(key)
        do {
            try await perform(Operation(name: "DeleteObject", method: "DELETE", key: key))
        } catch ObjectStorageError.refused(let refusal) where refusal.code == "NoSuchKey" || refusal.code == "NotFound"
        {
            // Amazon answers 204 here, others 404.
        }
    }

    private func metadata(_ headers: HTTPClientHeaders, _ operation: Operation) throws -> ObjectMetadata {
        guard let length = headers["Content-Length"].flatMap(Int.init) else {
            throw ObjectStorageError.invalidAnswer(operation: operation.name, reason: "it has no Content-Length")
        }
        return ObjectMetadata(
            length: length, etag: headers["ETag"], contentType: headers["Content-Type"],
            lastModified: headers["Last-Modified"].flatMap(AnswerDate.fromHeader))
    }
}
