/// Which kinds of recordings the recorder's processors suffice for, so that people learn it before they ask.
public struct RecordingOffers: Hashable, Sendable {
    /// One kind, and whether it is offered.
    public struct Offer: Hashable, Sendable {
        public let kind: RecordingKind
        /// Processors that it takes while it runs.
        public let processors: Int
        /// Why it isn't offered; nil when it is.
        public let obstacle: String?

        public var isOffered: Bool { obstacle == nil }
    }

    /// The recorder's processors; 0 where there is no recorder.
    public let processors: Int

    public init(processors: Int) {
        self.processors = processors
    }

    public var all: [Offer] { RecordingKind.allCases.map(offer) }

    public func offer(_ kind: RecordingKind) -> Offer {
        Offer(kind: kind, processors: kind.processors, obstacle: obstacle(kind))
    }

    private func obstacle(_ kind: RecordingKind) -> String? {
        if processors == 0 { return "This server has no recorder." }
        guard kind.processors > processors else { return nil }
        return
            "A recording of kind \(kind.rawValue) needs \(kind.processors) processors; the recorder has \(processors)."
    }
}

extension RecordingKind {
    /// Processors that the recorder wants free: everyone in one picture is a browser and an encoder, one person's picture
    /// an encoder, sound almost nothing.
    public var processors: Int {
        switch self {
        case .composite: 4
        case .participant: 2
        case .audio: 1
        }
    }
}
