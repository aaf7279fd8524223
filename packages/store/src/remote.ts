import type { ApiMethod } from './api.ts'
import type { RunGraph } from './graph/graph.ts'
import type { LogRecord, SpanRecord } from './otlp/index.ts'
import type { GraphOptions, LogWriteResult, Store, WriteResult } from './store.ts'
import { untilEnded } from './until-ended.ts'

/** Brings a call to where the store is, and its result back. */
export interface Transport {
  /** @param signal ends the call where it is; its promise is rejected. */
  call(method: ApiMethod, args: readonly unknown[], signal?: AbortSignal): Promise<unknown>
  writeSpans(spans: readonly SpanRecord[]): Promise<WriteResult>
  writeLogs(records: readonly LogRecord[]): Promise<LogWriteResult>
  graphs(runs: readonly string[], options?: GraphOptions): AsyncIterable<RunGraph>
  close(): Promise<void>
}

/** A store that is in another thread or process. */
export function remoteStore(location: string, transport: Transport): Store {
  // What comes back is what the same method returned at the other end.
  const call = <M extends ApiMethod>(method: M, args: Parameters<Store[M]>) =>
    transport.call(method, args) as ReturnType<Store[M]>
  const interruptible = <M extends ApiMethod>(
    method: M,
    args: Parameters<Store[M]>,
    signal: AbortSignal | undefined,
  ) => transport.call(method, args, signal) as ReturnType<Store[M]>
  return {
    location,
    writeSpans: (spans) => transport.writeSpans(spans),
    writeLogs: (records) => transport.writeLogs(records),
    runs: ({ signal, ...query } = {}) => interruptible('runs', [query], signal),
    findRun: (...args) => call('findRun', args),
    graph: (...args) => call('graph', args),
    graphs: (runs, { signal, ...options } = {}) =>
      untilEnded(transport.graphs(runs, options), signal),
    addFeedback: (...args) => call('addFeedback', args),
    feedback: (...args) => call('feedback', args),
    feedbackNames: (...args) => call('feedbackNames', args),
    declareFeedback: (...args) => call('declareFeedback', args),
    parameters: (...args) => call('parameters', args),
    parameterHistory: (...args) => call('parameterHistory', args),
    parameterScores: (...args) => call('parameterScores', args),
    addParameterVersion: (...args) => call('addParameterVersion', args),
    addProposals: (...args) => call('addProposals', args),
    proposals: (...args) => call('proposals', args),
    proposal: (...args) => call('proposal', args),
    decideProposal: (...args) => call('decideProposal', args),
    addDeployment: (...args) => call('addDeployment', args),
    deployments: (...args) => call('deployments', args),
    beginDecision: (...args) => call('beginDecision', args),
    endDecision: (...args) => call('endDecision', args),
    unfinishedDecisions: (...args) => call('unfinishedDecisions', args),
    putLlmCall: (...args) => call('putLlmCall', args),
    // JSON has no undefined.
    findLlmCall: async (...args) => (await call('findLlmCall', args)) ?? undefined,
    llmCalls: (...args) => call('llmCalls', args),
    addDataset: (...args) => call('addDataset', args),
    datasets: (...args) => call('datasets', args),
    datasetVersions: (...args) => call('datasetVersions', args),
    dataset: (...args) => call('dataset', args),
    putExperiment: (...args) => call('putExperiment', args),
    experiments: (...args) => call('experiments', args),
    experiment: (...args) => call('experiment', args),
    putTrials: (...args) => call('putTrials', args),
    trials: (...args) => call('trials', args),
    findTrials: (...args) => call('findTrials', args),
    addLooks: (...args) => call('addLooks', args),
    looks: (...args) => call('looks', args),
    settleLook: (...args) => call('settleLook', args),
    addVerdict: (...args) => call('addVerdict', args),
    verdicts: (...args) => call('verdicts', args),
    sql: (query, { signal } = {}) => interruptible('sql', [query], signal),
    exportParquet: (...args) => call('exportParquet', args),
    addRecords: (...args) => call('addRecords', args),
    openBackup: (...args) => call('openBackup', args),
    backupParts: (...args) => call('backupParts', args),
    readBackup: (...args) => call('readBackup', args),
    // JSON has no undefined.
    closeBackup: async (...args) => void (await call('closeBackup', args)),
    retain: (...args) => call('retain', args),
    close: () => transport.close(),
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}
