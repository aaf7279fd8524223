import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { raise } from '../../../errors.ts'
import type { Trial } from '../../../evaluation.ts'
import type { Database } from '../database.ts'
import { markTrialTraces } from '../ingest/trial-traces.ts'
import { readIn } from '../read-in.ts'
import { text } from '../row.ts'
import { insertRows, trialTable } from '../tables/index.ts'
import { documentOf, documents } from './document-rows.ts'

/** Traces that are known to be marked, at most. */
const REMEMBERED = 50_000
/** Trials at once: what is bound to a statement is copied several times. */
const TRIALS_AT_ONCE = 1_000

/**
 * Writes trials; what comes while a transaction is under way shares the next one. A statement costs about as much as a
 * thousand rows, so what is known to be marked is not marked again.
 */
export class TrialWriter {
  readonly #database: Database
  readonly #marked = new Set<string>()
  #waiting = new Map<string, Trial>()
  #written: Promise<void> | undefined

  constructor(database: Database) {
    this.#database = database
  }

  async put(trials: readonly Trial[]): Promise<void> {
    check(trials)
    if (trials.length === 0) return
    // One statement cannot write a row twice: of several with one id the last counts.
    for (const trial of trials) this.#waiting.set(trial.id, trial)
    this.#written ??= this.#writeSoon()
    await this.#written
  }

  /** To be called when rows have been deleted. */
  forget(): void {
    this.#marked.clear()
  }

  #writeSoon(): Promise<void> {
    const write = async () => {
      const marked = await this.#database.write((connection) => this.#write(connection))
      if (this.#marked.size > REMEMBERED) this.#marked.clear()
      for (const traceId of marked) this.#marked.add(traceId)
    }
    const written = write()
    // Where no transaction could begin, what waits for it fails with it.
    written.catch(() => {
      if (this.#written === written) this.#take()
    })
    return written
  }

  /** @returns the traces that were marked. */
  async #write(connection: DuckDBConnection): Promise<string[]> {
    const trials = this.#take()
    for (let from = 0; from < trials.length; from += TRIALS_AT_ONCE) {
      const some = trials.slice(from, from + TRIALS_AT_ONCE)
      await insertRows(connection, trialTable, some, 'OR REPLACE')
    }
    const marks = trials.filter(({ traceId }) => traceId !== '' && !this.#marked.has(traceId))
    await markTrialTraces(
      connection,
      new Map(marks.map(({ traceId, experiment, id }) => [traceId, { experiment, trial: id }])),
    )
    return marks.map(({ traceId }) => traceId)
  }

  #take(): Trial[] {
    const trials = [...this.#waiting.values()]
    this.#waiting = new Map()
    this.#written = undefined
    return trials
  }
}

const texts = ['id', 'experiment', 'key', 'outcome', 'traceId', 'startedAt'] as const

/** What comes over the network is of any type, and shares its transaction with others. */
function check(trials: readonly Trial[]): void {
  if (!Array.isArray(trials)) throw raise('T2_TRIAL_INVALID', 'Trials are given as a list.')
  for (const given of trials) {
    const trial: Partial<Record<keyof Trial, unknown>> = Object(given)
    const wrong = texts.find((member) => typeof trial[member] !== 'string')
    if (wrong !== undefined) throw raise('T2_TRIAL_INVALID', `A trial has no ${wrong}.`)
    const { repeat } = trial
    if (!Number.isInteger(repeat) || Number(repeat) < 0 || Number(repeat) >= 2 ** 32) {
      throw raise('T2_TRIAL_INVALID', 'The repeat of a trial is a whole number from 0.')
    }
  }
}

export function readTrials(database: Database, experiment: string): Promise<Trial[]> {
  return documents(
    database,
    'SELECT document FROM trial WHERE experiment = $1 ORDER BY started_at, id',
    [experiment],
  )
}

export async function findTrials(database: Database, keys: readonly string[]): Promise<Trial[]> {
  if (keys.length === 0) return []
  const latest = await database.rows(
    `SELECT arg_max(id, {'at': started_at, 'id': id}) AS id FROM trial
     WHERE outcome = 'done' AND key IN (SELECT unnest($1))
     GROUP BY key, repeat`,
    [listValue([...keys])],
    [LIST(VARCHAR)],
  )
  // By the key of the table: a search for the others would read every document.
  const ids = latest.map((row) => text(row, 'id'))
  return (await readIn(database, 'SELECT document FROM trial WHERE id', ids)).map(documentOf<Trial>)
}
