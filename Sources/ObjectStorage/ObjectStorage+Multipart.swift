import HTTPClient

/// What a multipart upload has stored.
public struct MultipartResult: Hashable, Sendable {
    public let length: Int
    public let parts: Int
    public let etag: String?
}

extension ObjectStorage {
    /// The least size of every part but the last, by the S3 API.
    public static let minimumPartSize = 5 << 20
    static let maximumParts = 10_000

    /// Stores an object of any length, part by part; no more than two parts and one piece are held in memory.
    ///
    /// What fits into one part is stored by a simple ``putObject(_:_:contentType:)``. When anything fails, the source's
    /// errors and cancellation included, the upload is aborted, so that nothing of it stays behind.
    ///
    /// - Parameters:
    ///   - partSize: bytes, at least ``minimumPartSize``; an object has at most 10,000 parts.
    ///   - next: gives the next piece, nil at the end.
    public func uploadObject(
        _ key: String, contentType: String? = nil, partSize: Int = 8 << 20,
        next: @escaping @Sendable () async throws -> [UInt8]?
    ) async throws -> MultipartResult {
        try Operation.checkKey(key)
        guard partSize >= ObjectStorage.minimumPartSize else {
            throw ObjectStorageError.invalidArgument(
                reason: "a part has at least \(ObjectStorage.minimumPartSize) bytes")
        }
        var source = PartSource(size: partSize, next: next)
        guard let first = try await source.part(), !source.isAtEnd else {
            let bytes = source.last
            let etag = try await putObject(key, .bytes(bytes), contentType: contentType)
            return MultipartResult(length: bytes.count, parts: 1, etag: etag)
        }
        let upload = try await createUpload(key, contentType)
        do {
            return try await sendParts(key, upload, first, &source)
        } catch {
            await abort(key, upload)
            throw error
        }
    }

    private func sendParts(
        _ key: String, _ upload: String, _ first: [UInt8], _ source: inout PartSource
    ) async throws -> MultipartResult {
        var etags: [String] = []
        var length = 0
        var part: [UInt8]? = first
        while let bytes = part {
            guard etags.count < ObjectStorage.maximumParts else {
                throw ObjectStorageError.invalidArgument(reason: "an object has at most 10,000 parts; use larger ones")
            }
            etags.append(try await uploadPart(key, upload, number: etags.count + 1, bytes))
            length += bytes.count
            part = try await source.part()
        }
        let etag = try await completeUpload(key, upload, etags)
        return MultipartResult(length: length, parts: etags.count, etag: etag)
    }

    private func createUpload(_ key: String, _ contentType: String?) async throws -> String {
        var operation = Operation(
            name: "CreateMultipartUpload", method: "POST", key: key, query: [("uploads", "")], isIdempotent: false)
        if let contentType { operation.headers.append(("content-type", contentType)) }
        return try await document(operation, root: "InitiateMultipartUploadResult") { root in
            guard let upload = root.text("UploadId"), !upload.isEmpty else {
                throw ObjectStorageError.invalidAnswer(operation: operation.name, reason: "it has no UploadId")
            }
            return upload
        }
    }

    private func uploadPart(_ key: String, _ upload: String, number: Int, _ bytes: [UInt8]) async throws -> String {
        let operation = Operation(
            name: "UploadPart", method: "PUT", key: key, query: [("partNumber", "\(number)"), ("uploadId", upload)],
            body: .bytes(bytes), movesContent: true)
        guard let etag = try await perform(operation)["ETag"] else {
            throw ObjectStorageError.invalidAnswer(operation: operation.name, reason: "it has no ETag")
        }
        return etag
    }

    private func completeUpload(_ key: String, _ upload: String, _ etags: [String]) async throws -> String? {
        let parts = etags.enumerated().map { index, etag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(etag.escapedForXML)</ETag></Part>"
        }
        let text = """
            <CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\(parts.joined())\
            </CompleteMultipartUpload>
            """
        // The storage may take minutes to put the parts together.
        let operation = Operation(
            name: "CompleteMultipartUpload", method: "POST", key: key, query: [("uploadId", upload)],
            headers: [("content-type", "application/xml")], body: .bytes(Array(text.utf8)), isIdempotent: false,
            movesContent: true)
        return try await document(operation, root: "CompleteMultipartUploadResult") { $0.text("ETag") }
    }

    /// Runs to its end even when the task has been cancelled.
    private func abort(_ key: String, _ upload: String) async {
        let operation = Operation(
            name: "AbortMultipartUpload", method: "DELETE", key: key, query: [("uploadId", upload)])
        _ = await Task { try await perform(operation) }.result
    }
}

/// Cuts a stream of pieces into parts of equal size.
private struct PartSource {
    let size: Int
    let next: @Sendable () async throws -> [UInt8]?
    private var rest: [UInt8] = []
    /// The part given last.
    private(set) var last: [UInt8] = []
    private(set) var isAtEnd = false

    init(size: Int, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.size = size
        self.next = next
    }

    /// The next part; nil at the end. Looks ahead, so that ``isAtEnd`` is known with the last part.
    mutating func part() async throws -> [UInt8]? {
        if isAtEnd { return nil }
        while rest.count <= size {
            guard let piece = try await next() else {
                isAtEnd = true
                break
            }
            rest.append(contentsOf: piece)
        }
        last = Array(rest.prefix(size))
        rest.removeFirst(last.count)
        return last.isEmpty ? nil : last
    }
}

extension String {
    fileprivate var escapedForXML: String {
        var result = ""
        for character in self {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }
}
