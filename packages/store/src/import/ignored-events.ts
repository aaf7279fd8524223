import type { LogRecord } from '../otlp/index.ts'
import { concernsRun } from '../reading/index.ts'

/** Log records of one name that say nothing of a run. */
export interface IgnoredEvents {
  /** Name of the event; empty where the records have none. */
  readonly name: string
  readonly records: number
}

const MOST_NAMES = 100
const eventName = /^[\w-]+(?:\.[\w-]+)+$/
const LONGEST = 80

/** Counts log records that say nothing of a run, by the names of their events. */
export class IgnoredCounter {
  readonly #counts = new Map<string, number>()

  add(records: readonly LogRecord[]): void {
    for (const record of records) {
      if (concernsRun(record)) continue
      const name = nameOf(record)
      const known = this.#counts.get(name)
      if (known !== undefined || this.#counts.size < MOST_NAMES) {
        this.#counts.set(name, (known ?? 0) + 1)
      }
    }
  }

  /** The most frequent first, a hundred names at most. */
  get events(): IgnoredEvents[] {
    const all = Array.from(this.#counts, ([name, records]) => ({ name, records }))
    return all.sort((a, b) => b.records - a.records || (a.name < b.name ? -1 : 1))
  }
}

/** Some have the whole name in the body, and less of it in the attribute. */
function nameOf({ name, body }: LogRecord): string {
  if (typeof body === 'string' && body.length <= LONGEST && eventName.test(body)) return body
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1).toWellFormed()}…`
}
