import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvaluationStore } from '../../evaluation-store.ts'
import type { Store } from '../../store.ts'
import { untilEnded } from '../../until-ended.ts'
import type { Engine, EngineOptions, Ingest, Query } from '../engine.ts'
import { storeOf } from '../store-of.ts'
import { BackupSessions } from './admin/backup/sessions.ts'
import { exportParquet } from './admin/export/export.ts'
import { addRecords } from './admin/export/records.ts'
import { applyRetention } from './admin/retention.ts'
import { prepareSchema } from './admin/schema.ts'
import { Database } from './database.ts'
import { failureOf, openFailure } from './failure.ts'
import { readGraph, readGraphs } from './graph/graph-reader.ts'
import { requireDiskRoom } from './ingest/disk-room.ts'
import type { PreparedSpans } from './ingest/span-preparer.ts'
import { SpanWriter } from './ingest/span-writer.ts'
import { readParameterScores } from './query/parameter-scores.ts'
import { runQuery } from './query/query.ts'
import { findRun, readRuns } from './query/runs.ts'
import { beginDecision, endDecision, readUnfinishedDecisions } from './records/decisions.ts'
import * as documents from './records/documents.ts'
import { evaluationStore } from './records/evaluation-store.ts'
import { FeedbackWriter, readFeedback } from './records/feedback.ts'
import { declareFeedback, readFeedbackNames } from './records/feedback-names.ts'
import { addParameterVersion, readParameterHistory, readParameters } from './records/parameters.ts'
import { TrialWriter } from './records/trials.ts'

/** An open database with the parts of which the engine is made. */
export interface OpenDatabase {
  readonly engine: Engine
  readonly store: Store
  readonly database: Database
  readonly writer: SpanWriter
}

/** Opens a DuckDB file (or `:memory:`). The caller makes sure that nobody else has it open. */
export async function openDatabase(
  path: string,
  options: EngineOptions = {},
): Promise<OpenDatabase> {
  // Made when something is exported: a process that is killed leaves nothing behind.
  const exportDirectory = join(tmpdir(), `trace2-export-${randomUUID()}`)
  let database: Database | undefined
  try {
    database = await Database.open(path, { ...options, exportDirectory })
    await prepareSchema(database, path)
    const writer = await SpanWriter.create(database)
    const engine = engineOf(path, database, writer, exportDirectory)
    return { engine, store: storeOf(engine), database, writer }
  } catch (error) {
    await database?.close()
    throw openFailure(path, error)
  }
}

function engineOf(
  location: string,
  database: Database,
  writer: SpanWriter,
  exportDirectory: string,
): Engine {
  const trials = new TrialWriter(database)
  const backups = new BackupSessions(database, exportDirectory)
  const evaluations = evaluationStore(database, trials)
  const forget = () => {
    writer.forget()
    trials.forget()
  }
  return {
    location,
    failure: failureOf,
    ingest: { ...ingestOf(location, database, writer), ...evaluations },
    query: { ...queryOf(database, writer), ...evaluations },
    graph: {
      async graph(run, options) {
        await writer.namePrompts()
        return readGraph(database, run, options)
      },
      async *graphs(runs, { signal, ...options } = {}) {
        await writer.namePrompts()
        yield* untilEnded(readGraphs(database, runs, options), signal)
      },
    },
    admin: {
      get failures() {
        return database.failures
      },
      watch: (watcher) => database.watch(watcher),
      checkpoint: () => database.checkpoint(),
      rest: () => database.rest(),
      idle: () => database.idle(),
      async exportParquet(directory, options) {
        await writer.namePrompts()
        return exportParquet(database, exportDirectory, directory, options)
      },
      async addRecords(table, rows) {
        const added = await addRecords(database, table, rows)
        forget()
        return added
      },
      openBackup: (known) => backups.open(known),
      backupParts: (id, from) => backups.parts(id, from),
      readBackup: (id, name, offset) => backups.read(id, name, offset),
      closeBackup: (id) => backups.close(id),
      retain: (policy) => applyRetention(database, policy, forget),
      async close(withinMs) {
        await backups.closeAll()
        await writer.namePrompts()
        await database.close(withinMs)
      },
    },
  }
}

function ingestOf(
  location: string,
  database: Database,
  writer: SpanWriter,
): Omit<Ingest, keyof EvaluationStore> {
  const feedback = new FeedbackWriter(database)
  return {
    storedSoFar: writer.storedSoFar,
    prepareWith: (preparer) => writer.prepareWith(preparer),
    write: (spans, logs, receivedNs) => writer.write(spans, logs, receivedNs),
    inTurn: (task) => writer.inTurn(task),
    commit(prepared: PreparedSpans, progress) {
      return writer.commit(prepared, progress)
    },
    discard(prepared: PreparedSpans) {
      writer.discard(prepared)
    },
    journalProgress: () => writer.journalProgress(),
    requireRoom: () => requireDiskRoom(database, location),
    addFeedback: (added) => feedback.add(added),
    declareFeedback: (declarations) => declareFeedback(database, declarations),
    addParameterVersion: (version) => addParameterVersion(database, version),
    addProposals: (proposals) => documents.addProposals(database, proposals),
    decideProposal: (id, decision) => documents.decideProposal(database, id, decision),
    addDeployment: (deployment) => documents.addDeployment(database, deployment),
    beginDecision: (decision) => beginDecision(database, decision),
    endDecision: (id, inForce) => endDecision(database, id, inForce),
    putLlmCall: (call) => documents.putLlmCall(database, call),
  }
}

function queryOf(database: Database, writer: SpanWriter): Omit<Query, keyof EvaluationStore> {
  return {
    async runs(query) {
      await writer.namePrompts()
      return readRuns(database, query)
    },
    findRun: (reference) => findRun(database, reference),
    feedback: (runs) => readFeedback(database, runs, (run) => spansOfRun(database, run)),
    feedbackNames: () => readFeedbackNames(database),
    async parameters() {
      await writer.namePrompts()
      return readParameters(database)
    },
    async parameterHistory(name) {
      await writer.namePrompts()
      return readParameterHistory(database, name)
    },
    async parameterScores(name, query) {
      await writer.namePrompts()
      return readParameterScores(database, name, query)
    },
    proposals: (filter) => documents.readProposals(database, filter),
    proposal: (id) => documents.readProposal(database, id),
    deployments: (parameter) => documents.readDeployments(database, parameter),
    unfinishedDecisions: () => readUnfinishedDecisions(database),
    findLlmCall: (key) => documents.findLlmCall(database, key),
    llmCalls: (ids) => documents.readLlmCalls(database, ids),
    async sql(query, options) {
      await writer.namePrompts()
      return runQuery(database, query, options)
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
