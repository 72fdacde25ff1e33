/// Gathers all problems of a request, so that its sender learns them at once.
struct FieldProblems {
    private var problems: [FieldProblem] = []

    var isEmpty: Bool { problems.isEmpty }
    var error: ConferenceError { .invalid(problems) }

    /// What `make` returns, or nil after keeping the problems it threw.
    mutating func collect<Value>(_ make: () throws -> Value) -> Value? {
        do {
            return try make()
        } catch ConferenceError.invalid(let found) {
            problems += found
        } catch {
            problems.append(FieldProblem("", "can't be judged: \(error)"))
        }
        return nil
    }

    mutating func check(_ problem: FieldProblem?) {
        if let problem { problems.append(problem) }
    }

    mutating func require(_ fact: Bool, _ field: String, _ message: String) {
        if !fact { problems.append(FieldProblem(field, message)) }
    }
}
