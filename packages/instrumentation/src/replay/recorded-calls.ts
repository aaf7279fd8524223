import type { AskedInput, RecordedCall, RecordedRun } from '../answering/index.ts'
import { compared, type Inputs, incomparable } from './compared.ts'
import type { Needs } from './needs.ts'

/** Calls of one operator that are compared with one that is not recorded. */
const mostUnasked = 16

/** A recorded call and its place in the run. */
export interface Entry {
  readonly index: number
  readonly call: RecordedCall
}

/** What the record has for a call. */
export interface Match {
  readonly entry: Entry
  /** Why it is no answer, although it was asked the same; `undefined` where it is one. */
  readonly change: string | undefined
}

/** The calls of a run that nothing has taken yet, by what they were asked. */
export class RecordedCalls {
  readonly #run: RecordedRun
  readonly #needs: Needs
  readonly #taken = new Set<number>()
  readonly #entries = new Map<string, Entry[]>()
  readonly #byOperator = new Map<string, OperatorCalls>()
  /** Before which all are taken, by operator. */
  readonly #firstUnasked = new Map<string, number>()

  constructor(run: RecordedRun, needs: Needs) {
    this.#run = run
    this.#needs = needs
    if (run.root !== null) this.#taken.add(run.root)
    for (const [index, call] of run.calls.entries()) {
      if (index === run.root) continue
      const entries = this.#entries.get(call.op)
      if (entries) entries.push({ index, call })
      else this.#entries.set(call.op, [{ index, call }])
    }
  }

  /** The calls of an operator; `volatile` inputs are not compared. */
  of(op: string, volatile: readonly string[]): OperatorCalls {
    let found = this.#byOperator.get(op)
    if (!found) {
      const entries = this.#entries.get(op) ?? []
      found = new OperatorCalls(entries, new Set(volatile), this.#taken, this.#needs)
      this.#byOperator.set(op, found)
    }
    return found
  }

  /** Takes a call alone: it is made again, and what is inside it may still be asked for. */
  take(index: number): void {
    this.#taken.add(index)
  }

  /** Takes a call with all inside it; returns those that nothing had taken before. */
  takeWhole(index: number): RecordedCall[] {
    const fresh: RecordedCall[] = []
    for (const at of this.#needs.within(index)) {
      const call = this.#run.calls[at]
      if (!call || this.#taken.has(at)) continue
      this.#taken.add(at)
      this.#needs.changes.served(at)
      fresh.push(call)
    }
    return fresh
  }

  /** Calls of an operator that nothing has taken, the first few. */
  unasked(op: string): number[] {
    const entries = this.#entries.get(op) ?? []
    let first = this.#firstUnasked.get(op) ?? 0
    while (first < entries.length && this.#taken.has(entries[first]?.index ?? -1)) first++
    this.#firstUnasked.set(op, first)
    return entries
      .slice(first, first + mostUnasked)
      .flatMap(({ index }) => (this.#taken.has(index) ? [] : [index]))
  }

  unused(): RecordedCall[] {
    return this.#run.calls.filter((_call, index) => !this.#taken.has(index))
  }
}

/** Calls of equal keys in their recorded order. */
class Queue {
  readonly #entries: Entry[] = []
  #next = 0

  add(entry: Entry): void {
    this.#entries.push(entry)
  }

  /** The first that nothing has taken. */
  first(taken: ReadonlySet<number>): Entry | undefined {
    for (; ; this.#next++) {
      const entry = this.#entries[this.#next]
      if (!entry || !taken.has(entry.index)) return entry
    }
  }
}

class OperatorCalls {
  readonly entries: readonly Entry[]
  readonly #volatile: ReadonlySet<string>
  readonly #taken: ReadonlySet<number>
  readonly #needs: Needs
  /** The first input of any that cannot be compared. */
  #blindRole: string | undefined
  /** By the source of the function and the inputs, and by the inputs alone. */
  readonly #exact = new Map<string, Queue>()
  readonly #anySource = new Map<string, Queue>()
  /** By the inputs that come from parameters, and so are left out; within by the rest. */
  readonly #loose = new Map<
    string,
    { readonly without: ReadonlySet<string>; readonly queues: Map<string, Queue> }
  >()

  constructor(
    entries: readonly Entry[],
    volatile: ReadonlySet<string>,
    taken: ReadonlySet<number>,
    needs: Needs,
  ) {
    this.entries = entries
    this.#volatile = volatile
    this.#taken = taken
    this.#needs = needs
    for (const entry of entries) {
      this.#add(entry)
      this.#blindRole ??= incomparable(entry.call.inputs, volatile)
    }
  }

  #add(entry: Entry): void {
    const { inputs, source } = entry.call
    const key = this.#keyOf(inputs)
    if (key !== undefined) {
      queueOf(this.#exact, `${source ?? ''} ${key}`).add(entry)
      queueOf(this.#anySource, key).add(entry)
    }
    const given = inputs.filter(({ isParameter }) => isParameter).map(({ role }) => role)
    if (given.length === 0) return
    const signature = JSON.stringify(given)
    const loose = this.#loose.get(signature) ?? {
      without: new Set([...given, ...this.#volatile]),
      queues: new Map(),
    }
    this.#loose.set(signature, loose)
    const rest = this.#keyOf(inputs, loose.without)
    if (rest !== undefined) queueOf(loose.queues, rest).add(entry)
  }

  /** Why calls cannot be compared, where they cannot: an input of the one that asks, or of a recorded one. */
  blindness(inputs: readonly AskedInput[] | undefined): string | undefined {
    if (!inputs) return 'its inputs could not be read'
    const role = incomparable(inputs, this.#volatile)
    if (role !== undefined) return `its input ${role} cannot be compared`
    const recorded = this.#blindRole
    return recorded === undefined ? undefined : `the recorded input ${recorded} cannot be compared`
  }

  /**
   * The recorded call that was asked the same, by a function of the same source. Without a source, of any: what has effects
   * does not run, so that the answer the world once gave is the only one there is.
   */
  find(inputs: readonly AskedInput[], source: string | undefined): Match | undefined {
    const key = this.#keyOf(inputs)
    if (key !== undefined && source === undefined) {
      const entry = this.#anySource.get(key)?.first(this.#taken)
      if (entry) return { entry, change: this.#needs.parameterChangeOf(entry.index) }
    } else if (key !== undefined) {
      // One that does not say what its source was is taken for the same.
      const entry =
        this.#exact.get(`${source} ${key}`)?.first(this.#taken) ??
        this.#exact.get(` ${key}`)?.first(this.#taken)
      if (entry) return { entry, change: this.#needs.changeOf(entry.index) }
      const other = this.#anySource.get(key)?.first(this.#taken)
      if (other) return { entry: other, change: 'its source has changed' }
    }
    for (const { without, queues } of this.#loose.values()) {
      const rest = this.#keyOf(inputs, without)
      const like = rest === undefined ? undefined : queues.get(rest)?.first(this.#taken)
      if (!like) continue
      const change = this.#needs.changeOf(like.index)
      if (change !== undefined) return { entry: like, change }
    }
    return undefined
  }

  /** `undefined` where an input cannot be compared. */
  #keyOf(inputs: Inputs, without: ReadonlySet<string> = this.#volatile): string | undefined {
    const keys: string[] = []
    for (const { role, key } of compared(inputs, without)) {
      if (key === null) return undefined
      keys.push(JSON.stringify([role, key]))
    }
    return keys.sort().join()
  }
}

function queueOf(queues: Map<string, Queue>, key: string): Queue {
  const queue = queues.get(key) ?? new Queue()
  queues.set(key, queue)
  return queue
}
