import Conference

/// The shapes of accounts and sessions.
enum AccountSchemas {
    static let role = Schema.choice(AccountRole.allCases.map(\.rawValue))
    static let email = Schema.string(3...Limits.emailBytes, .email)
    static let displayName = Schema.string(Limits.displayNameCharacters)
        .described("Shown to others. Control characters are removed; something readable must remain.")
    static let newPassword = Schema.string(Limits.passwordBytes, .utf8Bytes(upTo: Limits.passwordBytes.upperBound))
        .described("At most \(Limits.passwordBytes.upperBound) bytes in UTF-8.").secret
    static let knownPassword = Schema.string(1...1024).secret

    static let account = Schema.named(
        "Account",
        .object(
            .required("id", .uuid), .required("email", .string()), .required("displayName", .string()),
            .required("role", role), .required("disabled", .boolean), .required("createdAt", .time)))

    static let page = PageAnswer.schema("AccountPage", of: account)

    static let session = Schema.named(
        "Session",
        .object(
            .required(
                "account",
                .object(
                    .required("id", .uuid), .required("email", .string()), .required("displayName", .string()),
                    .required("role", role))),
            .required("createdAt", .time),
            .required("expiresAt", .time.described("Moves on while the session is used."))))

    static let credentials = Schema.named(
        "Credentials",
        .object(.required("email", .string(1...Limits.emailBytes)), .required("password", knownPassword)))

    static let draft = Schema.named(
        "AccountDraft",
        .object(
            .required("email", email), .required("displayName", displayName), .required("password", newPassword),
            .optional("role", role.described("By default member."))))

    static let change = Schema.named(
        "AccountChange",
        .object(
            .optional("displayName", displayName),
            .optional("role", role.described("Administrators only. Ends the account's sessions.")),
            .optional("disabled", .boolean.described("Administrators only. Disabling ends the account's sessions."))))

    static let password = Schema.named("NewPassword", .object(.required("password", newPassword)))

    static let passwordChange = Schema.named(
        "PasswordChange",
        .object(.required("currentPassword", knownPassword), .required("newPassword", newPassword)))
}

extension StringFormat {
    /// An e-mail address as ``EmailAddress`` reads it.
    static let email = StringFormat(
        name: "email", requirement: "must be an e-mail address such as name@example.com"
    ) { text in
        (try? EmailAddress(text)) != nil
    }

    static func utf8Bytes(upTo limit: Int) -> StringFormat {
        StringFormat(requirement: "must have at most \(limit) bytes in UTF-8") { $0.utf8.count <= limit }
    }
}
