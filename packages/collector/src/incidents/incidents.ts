import { existsSync, readFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { diag } from '@opentelemetry/api'

/**
 * What can happen to the files of a collector.
 * - `journal-damaged`, `database-set-aside`: a file was damaged; what could be read was saved, the file is kept.
 * - `journal-differs`: the database was filled from another journal, or from another copy of this one.
 * - `entries-missing`: requests that the journal has handed on and forgotten are not in the database.
 * - `database-removed`, `journal-removed`: the file was removed or replaced while it was in use.
 */
export type IncidentKind =
  | 'journal-damaged'
  | 'database-set-aside'
  | 'journal-differs'
  | 'entries-missing'
  | 'database-removed'
  | 'journal-removed'

/** Something that happened to the files of a collector, and what it concerns. */
export interface Incident {
  readonly kind: IncidentKind
  readonly message: string
  /** Requests that are missing from the database, or may be. */
  readonly missingRequests: number
  /** Spans in these requests, as far as they were counted. */
  readonly missingSpans: number
}

export interface RecordedIncident extends Incident {
  /** When it was found, in ISO 8601. */
  readonly at: string
}

/** Incidents that are told of; older ones stay in the file. */
const MOST_TOLD = 100

/** The file of incidents, beside the database: it stays when the journal goes. */
export function incidentsFile(databasePath: string): string {
  return `${databasePath}.incidents.jsonl`
}

/** Incidents that nobody has dismissed, oldest first. A line that cannot be read is left out. */
export function readIncidents(databasePath: string): RecordedIncident[] {
  const file = incidentsFile(databasePath)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line) => incidentOf(line) ?? []).slice(-MOST_TOLD)
}

/** Keeps incidents in a file until somebody deletes it, and says each in the log. */
export class Incidents {
  readonly #path: string
  readonly #before: readonly RecordedIncident[]
  readonly #now: RecordedIncident[] = []
  #writing: Promise<void> = Promise.resolve()

  constructor(databasePath: string) {
    this.#path = databasePath
    this.#before = readIncidents(databasePath)
  }

  add(incident: Incident): void {
    diag.error(incident.message)
    const recorded = { at: new Date().toISOString(), ...incident }
    this.#now.push(recorded)
    this.#writing = this.#writing
      .then(() =>
        appendFile(incidentsFile(this.#path), `${JSON.stringify(recorded)}\n`, { mode: 0o600 }),
      )
      .catch((error: unknown) => diag.error(`Incidents cannot be written down: ${String(error)}`))
  }

  /** Those since the start. */
  get now(): readonly RecordedIncident[] {
    return this.#now
  }

  /** Those of earlier starts, too, unless their file has been deleted since. */
  get all(): readonly RecordedIncident[] {
    const before = existsSync(incidentsFile(this.#path)) ? this.#before : []
    return [...before, ...this.#now].slice(-MOST_TOLD)
  }

  /** Resolves when all are in the file. */
  async close(): Promise<void> {
    await this.#writing
  }
}

function incidentOf(line: string): RecordedIncident | undefined {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return undefined
    const member = (name: string): unknown => Reflect.get(value, name)
    const kind = kinds.find((one) => one === member('kind'))
    if (!kind) return undefined
    return {
      at: String(member('at')),
      kind,
      message: String(member('message')),
      missingRequests: Number(member('missingRequests')) || 0,
      missingSpans: Number(member('missingSpans')) || 0,
    }
  } catch {
    return undefined
  }
}

const kinds: readonly IncidentKind[] = [
  'journal-damaged',
  'database-set-aside',
  'journal-differs',
  'entries-missing',
  'database-removed',
  'journal-removed',
]
