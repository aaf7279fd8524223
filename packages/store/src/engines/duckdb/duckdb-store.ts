import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SpanRecord } from '../../otlp/model.ts'
import { concernsRun } from '../../reading/logs.ts'
import type { Feedback, Store, WriteResult } from '../../store.ts'
import { Database, type DatabaseOptions } from './database.ts'
import * as documents from './documents.ts'
import { evaluationStore } from './evaluation-store.ts'
import { exportParquet } from './export.ts'
import { openFailure } from './failure.ts'
import { FeedbackWriter, readFeedback } from './feedback.ts'
import { declareFeedback, readFeedbackNames } from './feedback-names.ts'
import { readGraph, readGraphs } from './graph-reader.ts'
import { readParameterScores } from './parameter-scores.ts'
import { addParameterVersion, readParameterHistory, readParameters } from './parameters.ts'
import { runQuery } from './query.ts'
import { applyRetention } from './retention.ts'
import { findRun, readRuns } from './runs.ts'
import { prepareSchema } from './schema.ts'
import { SpanWriter } from './span-writer.ts'
import { TrialWriter } from './trials.ts'

/** A store with what the collector needs beyond the interface. */
export interface OpenDatabase {
  readonly store: Store
  readonly database: Database
  readonly writer: SpanWriter
}

/** Opens a DuckDB file (or `:memory:`) as a store. The caller sees to it that nobody else has it open. */
export async function openDuckDbStore(path: string): Promise<Store> {
  return (await openDatabase(path)).store
}

/** `openDuckDbStore` with its parts. */
export async function openDatabase(
  path: string,
  { memoryBytes }: Pick<DatabaseOptions, 'memoryBytes'> = {},
): Promise<OpenDatabase> {
  // Made when something is exported: a process that is killed leaves nothing behind.
  const exportDirectory = join(tmpdir(), `trace2-export-${randomUUID()}`)
  let database: Database | undefined
  try {
    database = await Database.open(path, { exportDirectory, memoryBytes })
    await prepareSchema(database, path)
    const writer = await SpanWriter.create(database)
    return { store: storeOf(path, database, writer, exportDirectory), database, writer }
  } catch (error) {
    await database?.close()
    throw openFailure(path, error)
  }
}

function storeOf(
  location: string,
  database: Database,
  writer: SpanWriter,
  exportDirectory: string,
): Store {
  const feedback = new FeedbackWriter(database)
  const trials = new TrialWriter(database)
  const forget = () => {
    writer.forget()
    trials.forget()
  }
  return {
    location,
    writeSpans: (spans: readonly SpanRecord[]): Promise<WriteResult> => writer.write(spans),
    async writeLogs(records) {
      await writer.write([], records)
      const ignored = records.filter((record) => !concernsRun(record)).length
      return { accepted: records.length, ignored }
    },
    runs: (query) => readRuns(database, query),
    findRun: (reference) => findRun(database, reference),
    graph: (run, options) => readGraph(database, run, options),
    graphs: (runs, options) => readGraphs(database, runs, options),
    addFeedback: (added) => feedback.add(added),
    feedback: (runs): Promise<Feedback[]> =>
      readFeedback(database, runs, (run) => spansOfRun(database, run)),
    feedbackNames: () => readFeedbackNames(database),
    declareFeedback: (declarations) => declareFeedback(database, declarations),
    parameters: () => readParameters(database),
    parameterHistory: (name) => readParameterHistory(database, name),
    parameterScores: (name, query) => readParameterScores(database, name, query),
    addParameterVersion: (version) => addParameterVersion(database, version),
    addProposals: (proposals) => documents.addProposals(database, proposals),
    proposals: (filter) => documents.readProposals(database, filter),
    proposal: (id) => documents.readProposal(database, id),
    decideProposal: (id, decision) => documents.decideProposal(database, id, decision),
    addDeployment: (deployment) => documents.addDeployment(database, deployment),
    deployments: (parameter) => documents.readDeployments(database, parameter),
    putLlmCall: (call) => documents.putLlmCall(database, call),
    findLlmCall: (key) => documents.findLlmCall(database, key),
    llmCalls: (ids) => documents.readLlmCalls(database, ids),
    ...evaluationStore(database, trials),
    sql: (query) => runQuery(database, query),
    exportParquet: (directory, options) =>
      exportParquet(database, exportDirectory, directory, options),
    retain: (policy) => applyRetention(database, policy, forget),
    close: () => database.close(),
    async [Symbol.asyncDispose]() {
      await this.close()
    },
  }
}

/** Spans of a run that is part of a trace; `undefined` where the run is the whole trace. */
async function spansOfRun(
  database: Database,
  run: string,
): Promise<ReadonlySet<string> | undefined> {
  if (!run.includes(':')) return undefined
  const graph = await readGraph(database, run)
  return new Set(graph.nodes.flatMap((node) => ('spanId' in node ? [node.spanId] : [])))
}
