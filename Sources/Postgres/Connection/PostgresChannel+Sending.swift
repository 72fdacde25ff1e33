import CLibpq

extension PostgresChannel {
    func sendExecute(_ statement: PreparedStatement, _ parameters: PostgresParameters) -> Bool {
        parameters.withArrays { values, lengths, formats in
            PQsendQueryPrepared(
                handle, statement.name, Int32(values.count), values, lengths, formats, statement.wantsBinary ? 1 : 0)
        } == 1
    }

    func sendPipeline(
        _ statements: [(PreparedStatement, PostgresParameters)], mode: PostgresPipelineMode,
        _ operation: inout PostgresOperation
    ) -> Bool {
        guard PQenterPipelineMode(handle) == 1 else { return false }
        var steps: [PostgresOperation.Step] = []
        var isSent = true
        func add(_ action: PostgresOperation.Step.Action, _ statement: PreparedStatement? = nil, _ owner: Int = 0) {
            steps.append(.init(action: action, statement: statement, owner: owner))
        }
        // Outside of any transaction, and with a sync of their own: their failure must not spoil what follows.
        if PQtransactionStatus(handle) == PQTRANS_IDLE {
            for statement in self.statements.takeDiscarded() {
                isSent = isSent && sendPlain("DEALLOCATE \(statement.name)") && PQpipelineSync(handle) == 1
                add(.deallocate, statement, -1)
                add(.sync)
            }
        }
        if let begin = pendingBegin {
            pendingBegin = nil
            isSent = isSent && sendPlain(begin)
            add(.begin)
        }
        var announced: Set<ObjectIdentifier> = []
        for (owner, (statement, parameters)) in statements.enumerated() {
            if !statement.isPrepared, announced.insert(ObjectIdentifier(statement)).inserted {
                isSent = isSent && PQsendPrepare(handle, statement.name, statement.sql, 0, nil) == 1
                add(.prepare, statement, owner)
                if parameters.count <= PostgresParameters.describableCount {
                    isSent = isSent && PQsendDescribePrepared(handle, statement.name) == 1
                    add(.describe, statement, owner)
                }
            }
            isSent = isSent && sendExecute(statement, parameters)
            add(.execute, statement, owner)
            if mode == .independent, owner < statements.count - 1 {
                isSent = isSent && PQpipelineSync(handle) == 1
                add(.sync)
            }
        }
        isSent = isSent && PQpipelineSync(handle) == 1
        add(.sync)
        operation.steps = steps
        return isSent
    }

    private func sendPlain(_ sql: String) -> Bool { PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 0) == 1 }
}
