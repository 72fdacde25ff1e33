import CHiredis

/// Makes values of the bytes that arrive, by hiredis' reader. Arrays may be nested seven deep.
final class ReplyReader {
    private let reader: UnsafeMutablePointer<redisReader>

    init() {
        guard let reader = redisReaderCreate() else { fatalError("out of memory") }
        self.reader = reader
        // The default lets go of the buffer after each read of more than 16 kB.
        reader.pointee.maxbuf = 256 << 10
    }

    deinit { redisReaderFree(reader) }

    func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        let start = bytes.bindMemory(to: CChar.self).baseAddress
        guard redisReaderFeed(reader, start, bytes.count) == REDIS_OK else { throw failure }
    }

    /// The next complete reply, or nil when more bytes are needed. After an error the stream can't be read on.
    func next() throws(RedisError) -> RedisValue? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &reply) == REDIS_OK else { throw failure }
        guard let reply else { return nil }
        defer { freeReplyObject(reply) }
        return value(of: reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private var failure: RedisError {
        let text = withUnsafeBytes(of: &reader.pointee.errstr) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .unavailable("the server's bytes are not the Redis protocol (\(text)); check host and port")
    }

    private func value(of reply: redisReply) -> RedisValue {
        switch reply.type {
        case REDIS_REPLY_STRING:
            return .bytes(Array(bytes(of: reply)))
        case REDIS_REPLY_INTEGER:
            return .integer(Int(reply.integer))
        case REDIS_REPLY_NIL:
            return .null
        case REDIS_REPLY_STATUS:
            return .status(String(decoding: bytes(of: reply), as: UTF8.self))
        case REDIS_REPLY_ERROR:
            return .error(RedisServerError(message: String(decoding: bytes(of: reply), as: UTF8.self)))
        case REDIS_REPLY_ARRAY:
            return .array(elements(of: reply))
        default:
            return .error(RedisServerError(message: "TYPE a reply of a kind that was not asked for"))
        }
    }

    private func bytes(of reply: redisReply) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len))
    }

    private func elements(of reply: redisReply) -> [RedisValue] {
        guard let elements = reply.element else { return [] }
        return (0..<Int(reply.elements)).map { index in
            guard let element = elements[index] else { return .null }
            return value(of: element.pointee)
        }
    }
}
