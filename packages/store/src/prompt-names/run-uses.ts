import { dropOldest, MANY_NUMBERS } from './family.ts'
import type { NumberForms } from './number-forms.ts'

/** Texts of a run that differ in nothing but numbers. */
interface Alike {
  readonly texts: Set<string>
  last: string
  /** Whether one was used again after another: they are few, and stand side by side. */
  returned: boolean
}

const MOST_RUNS = 10_000
const MOST_FORMS = 100

/** What a run has used so far. */
export class RunUses {
  /** Version of each name. */
  readonly names = new Map<string, string>()
  readonly #alike = new Map<string, Alike>()

  /** To be called in the order of the calls. */
  note(base: string, { filled, any }: NumberForms): void {
    const form = `${base}\n${any}`
    const alike = this.#alike.get(form)
    if (!alike) {
      this.#alike.set(form, { texts: new Set([filled]), last: filled, returned: false })
      dropOldest(this.#alike, MOST_FORMS)
      return
    }
    if (alike.last === filled) return
    if (alike.texts.has(filled)) alike.returned = true
    if (alike.texts.size < MANY_NUMBERS) alike.texts.add(filled)
    alike.last = filled
  }

  /** Whether a form had other numbers in each of many calls. */
  isCounted(base: string, any: string): boolean {
    const alike = this.#alike.get(`${base}\n${any}`)
    return alike !== undefined && !alike.returned && alike.texts.size >= MANY_NUMBERS
  }
}

/** The latest runs. */
export class LatestRuns {
  readonly #runs = new Map<string, RunUses>()

  has(traceId: string): boolean {
    return this.#runs.has(traceId)
  }

  of(traceId: string): RunUses {
    const known = this.#runs.get(traceId)
    if (known) return known
    const uses = new RunUses()
    this.#runs.set(traceId, uses)
    dropOldest(this.#runs, MOST_RUNS)
    return uses
  }

  /** To be called of versions that have another name now. */
  rename(from: string, to: string, versions: ReadonlySet<string>): void {
    for (const { names } of this.#runs.values()) {
      const version = names.get(from)
      if (version === undefined || !versions.has(version)) continue
      names.delete(from)
      if (!names.has(to)) names.set(to, version)
    }
  }

  clear(): void {
    this.#runs.clear()
  }
}
