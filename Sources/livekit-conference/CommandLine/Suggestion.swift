import Platform

/// `; did you mean ...?`, or nothing when no known name is near.
func suggestion(
    for name: String, among known: [String], spelled: (String) -> String = { $0 }
) -> String {
    nearestName(to: name, among: known).map { "; did you mean \(spelled($0))?" } ?? ""
}
