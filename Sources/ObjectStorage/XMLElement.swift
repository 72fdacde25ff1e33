import CExpat

/// An element of one of S3's answers, parsed by expat. Document types, and with them entities, are refused.
final class XMLElement {
    let name: String
    fileprivate(set) var text = ""
    fileprivate(set) var children: [XMLElement] = []

    fileprivate init(name: String) { self.name = name }

    /// - Returns: the root, or nil when the bytes are not well-formed.
    static func parse(_ bytes: [UInt8]) -> XMLElement? {
        guard let parser = XML_ParserCreate("UTF-8") else { return nil }
        defer { XML_ParserFree(parser) }
        let builder = XMLTreeBuilder(parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
        XML_SetElementHandler(parser, elementBegins, elementEnds)
        XML_SetCharacterDataHandler(parser, textArrives)
        XML_SetStartDoctypeDeclHandler(parser, doctypeBegins)
        let status = bytes.withUnsafeBytes {
            XML_Parse(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), 1)
        }
        return withExtendedLifetime(builder) { status == XML_STATUS_OK ? builder.root : nil }
    }

    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text of a child; nil without such a child.
    func text(_ name: String) -> String? { first(name)?.text }
}

/// Puts elements together while expat parses; lives for one call of ``XMLElement/parse(_:)``.
private final class XMLTreeBuilder {
    /// S3's answers have four levels.
    static let maximumDepth = 16

    private let parser: XML_Parser
    private var open: [XMLElement] = []
    private(set) var root: XMLElement?

    init(_ parser: XML_Parser) { self.parser = parser }

    func begin(_ name: String) {
        guard open.count < XMLTreeBuilder.maximumDepth else { return stop() }
        let element = XMLElement(name: name)
        if let parent = open.last { parent.children.append(element) } else { root = element }
        open.append(element)
    }

    func end() { if !open.isEmpty { open.removeLast() } }

    func append(_ text: String) { open.last?.text += text }

    func stop() { XML_StopParser(parser, XML_Bool(XML_FALSE)) }
}

private func builder(_ target: UnsafeMutableRawPointer?) -> XMLTreeBuilder? {
    target.map { Unmanaged<XMLTreeBuilder>.fromOpaque($0).takeUnretainedValue() }
}

private func elementBegins(
    _ target: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?,
    _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) {
    guard let name else { return }
    builder(target)?.begin(String(cString: name))
}

private func elementEnds(_ target: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?) { builder(target)?.end() }

private func textArrives(_ target: UnsafeMutableRawPointer?, _ text: UnsafePointer<CChar>?, _ length: Int32) {
    let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
    builder(target)?.append(String(decoding: bytes, as: UTF8.self))
}

private func doctypeBegins(
    _ target: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?, _ systemID: UnsafePointer<CChar>?,
    _ publicID: UnsafePointer<CChar>?, _ hasInternalSubset: Int32
) {
    builder(target)?.stop()
}
