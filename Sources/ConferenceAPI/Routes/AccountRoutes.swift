import Conference
import FoundationEssentials
import HTTPServer
import Platform

/// The administration of accounts, and one's own password.
struct AccountRoutes: Sendable {
    private let accounts: AccountService
    private let sessions: any SessionStoring
    private let cookie: Cookie
    private let clock: any WallClock

    init(_ dependencies: APIDependencies) {
        accounts = dependencies.accounts
        sessions = dependencies.sessions
        cookie = Cookie(isSecure: dependencies.settings.isHTTPS)
        clock = dependencies.clock
    }

    private static let list = "/api/v1/accounts"
    private static let one = "/api/v1/accounts/{account_id}"

    var operations: [Operation] { [listOperation, createOperation, readOperation, changeOperation] + secrets }

    private var listOperation: Operation {
        Operation(
            method: .get, template: AccountRoutes.list, id: "listAccounts", tag: "Accounts",
            summary: "All accounts, newest first", detail: "Administrators only.", parameters: [.cursor, .limit],
            answers: [
                Operation.Answer(
                    status: .ok, summary: "One page.", schema: AccountSchemas.page,
                    example: ["items": [Examples.account], "nextCursor": .null],
                    headers: [("Link", "The next page, if there is one.")])
            ],
            problems: [.forbidden]
        ) { [accounts] call in
            let page = try await accounts.list(try PageAnswer.request(call), by: call.principal())
            return PageAnswer.make(page, of: call) { account, writer in
                writer.object { AccountRoutes.write(account, to: &$0) }
            }
        }
    }

    private static let links =
        ["getAccount", "changeAccount", "setAccountPassword", "deleteAccountSessions"].map {
            Operation.Link(operation: $0, parameter: "account_id", member: "id")
        }

    private var createOperation: Operation {
        Operation(
            method: .post, template: AccountRoutes.list, id: "createAccount", tag: "Accounts",
            summary: "Add an account", detail: "Administrators only.",
            content: Operation.Content(
                schema: AccountSchemas.draft,
                example: ["email": "ada@example.org", "displayName": "Ada", "password": "correct horse battery"]),
            answers: [
                Operation.Answer(
                    status: .created, summary: "The account.", schema: AccountSchemas.account,
                    example: Examples.account, headers: [("Location", "The account.")], links: AccountRoutes.links)
            ],
            problems: [.forbidden, .invalid, .conflict(.emailTaken)]
        ) { [accounts] call in
            let body = call.body
            let draft = AccountDraft(
                email: body.string("email") ?? "", displayName: body.string("displayName") ?? "",
                role: body.choice("role") ?? .member, password: body.string("password") ?? "")
            let account = try await accounts.create(draft, by: call.principal())
            return .json(.created, headers: ["Location": "\(AccountRoutes.list)/\(account.id)"]) { writer in
                AccountRoutes.write(account, to: &writer)
            }
        }
    }

    private var readOperation: Operation {
        Operation(
            method: .get, template: AccountRoutes.one, id: "getAccount", tag: "Accounts", summary: "One account",
            detail: "One's own, or any for administrators.", parameters: [.accountID], answers: [Self.accountAnswer],
            problems: [.forbidden, .notFound(.account)]
        ) { [accounts] call in
            let account = try await accounts.account(call.id("account_id", of: .account), by: call.principal())
            return .json { AccountRoutes.write(account, to: &$0) }
        }
    }

    private var changeOperation: Operation {
        Operation(
            method: .patch, template: AccountRoutes.one, id: "changeAccount", tag: "Accounts",
            summary: "Change an account",
            detail: "What is left out stays. The name: one's own, or anybody's for administrators.",
            parameters: [.accountID],
            content: Operation.Content(schema: AccountSchemas.change, example: ["displayName": "Ada L."]),
            answers: [Self.accountAnswer],
            problems: [.forbidden, .invalid, .notFound(.account), .conflict(.lastAdministrator)], handler: change)
    }

    private static let accountAnswer = Operation.Answer(
        status: .ok, summary: "The account.", schema: AccountSchemas.account, example: Examples.account)

    private func change(_ call: Call) async throws -> HTTPResponse {
        let change = AccountChange(
            displayName: call.body.string("displayName"), role: call.body.choice("role"),
            isDisabled: call.body.bool("disabled"))
        let account = try await accounts.change(
            call.id("account_id", of: .account), change, by: call.principal())
        return .json { AccountRoutes.write(account, to: &$0) }
    }

    private var secrets: [Operation] {
        [
            Operation(
                method: .put, template: "\(AccountRoutes.one)/password", id: "setAccountPassword", tag: "Accounts",
                summary: "Set someone's password", detail: "Administrators only. Ends the account's sessions.",
                parameters: [.accountID],
                content: Operation.Content(
                    schema: AccountSchemas.password, example: ["password": "correct horse battery"]),
                answers: [Operation.Answer(status: .noContent, summary: "It is set.", contentType: nil)],
                problems: [.forbidden, .invalid, .notFound(.account)]
            ) { [accounts] call in
                _ = try await accounts.setPassword(
                    call.body.string("password") ?? "", of: call.id("account_id", of: .account),
                    by: call.principal())
                return HTTPResponse(.noContent)
            },
            Operation(
                method: .delete, template: "\(AccountRoutes.one)/sessions", id: "deleteAccountSessions",
                tag: "Accounts", summary: "End all sessions of an account",
                detail: "One's own, or anybody's for administrators.", parameters: [.accountID],
                answers: [Operation.Answer(status: .noContent, summary: "They ended.", contentType: nil)],
                problems: [.forbidden, .notFound(.account)]
            ) { [accounts] call in
                _ = try await accounts.revokeSessions(of: call.id("account_id", of: .account), by: call.principal())
                return HTTPResponse(.noContent)
            },
            Operation(
                method: .put, template: "/api/v1/account/password", id: "changeOwnPassword", tag: "Accounts",
                summary: "Change one's own password",
                detail: "Ends all sessions of the account and starts a new one for the caller.", rateLimit: .guessing,
                content: Operation.Content(
                    schema: AccountSchemas.passwordChange,
                    example: ["currentPassword": "correct horse", "newPassword": "correct horse battery"]),
                answers: [
                    Operation.Answer(
                        status: .noContent, summary: "It is changed.", contentType: nil,
                        headers: [("Set-Cookie", "The new session's cookie.")])
                ],
                problems: [.wrongCredentials, .invalid], handler: changeOwnPassword),
        ]
    }

    private func changeOwnPassword(_ call: Call) async throws -> HTTPResponse {
        let account = try await accounts.changeOwnPassword(
            current: call.body.string("currentPassword") ?? "", new: call.body.string("newPassword") ?? "",
            by: call.principal())
        let issued = await sessions.create(for: SessionAccount(account))
        let setting = cookie.setting(issued.cookie, until: issued.session.expiresAt, now: clock.now)
        return HTTPResponse(.noContent, headers: ["Set-Cookie": setting])
    }

    private static func write(_ account: Account, to writer: inout JSONWriter) {
        writer.member("id", account.id)
        writer.member("email", account.email.text)
        writer.member("displayName", account.displayName.text)
        writer.member("role", account.role.rawValue)
        writer.member("disabled", !account.isActive)
        writer.member("createdAt", account.createdAt)
    }
}
