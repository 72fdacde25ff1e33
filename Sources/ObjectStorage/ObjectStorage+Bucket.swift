import HTTPClient

extension ObjectStorage {
    /// - Throws: ``ObjectStorageError/refused(_:)`` with status 404 when the bucket is missing, 403 when the key is wrong
    ///   or has no right to it.
    public func headBucket() async throws {
        try await perform(Operation(name: "HeadBucket", method: "HEAD"))
    }

    /// Makes the bucket; one that is ours already is left as it is.
    public func createBucket() async throws {
        var operation = Operation(name: "CreateBucket", method: "PUT")
        // Amazon's first region is named by naming none.
        if configuration.region != "us-east-1" {
            let text = """
                <CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
                <LocationConstraint>\(configuration.region)</LocationConstraint></CreateBucketConfiguration>
                """
            operation.body = .bytes(Array(text.utf8))
        }
        do {
            try await perform(operation)
        } catch ObjectStorageError.refused(let refusal) where refusal.code == "BucketAlreadyOwnedByYou" {
            // Someone was faster.
        }
    }
}
