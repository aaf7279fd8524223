import { resolvePointer } from '@trace2/core'
import type { RecordedCall, RecordedOutcome } from '../answering/index.ts'
import { errorMessage, errorName, isError } from '../content/kinds.ts'
import type { OutputWatcher } from '../operator/recording.ts'
import { firstDifference } from './difference.ts'

/** What a call that was made again gave: the same, this in its place, or what cannot be compared. */
type State =
  | { readonly kind: 'same' | 'unknown' }
  | { readonly kind: 'other'; readonly value: unknown }

const same: State = { kind: 'same' }
const unknown: State = { kind: 'unknown' }

/**
 * Which outputs of a run are not what they were, or may turn out so: by the dataflow that is recorded, also where a function
 * uses the result of another without being passed it.
 */
export class Changes {
  readonly #calls: readonly RecordedCall[]
  /** Whether a call by itself, whatever it was given, does not hold any more. */
  readonly #isChanged: (index: number) => boolean
  readonly #states = new Map<number, State>()
  /** Operators that were called with what is not recorded, in place of one of the calls that are. */
  readonly #suspects = new Set<string>()
  readonly #followers: readonly (readonly number[])[]
  #reached: ReadonlySet<number> | undefined

  constructor(calls: readonly RecordedCall[], isChanged: (index: number) => boolean) {
    this.#calls = calls
    this.#isChanged = isChanged
    const followers = calls.map((): number[] => [])
    for (const [index, { parent, sources }] of calls.entries()) {
      for (const [source] of sources) followers[source]?.push(index)
      if (parent !== null) followers[index]?.push(parent)
    }
    this.#followers = followers
  }

  /** A call was answered by the record. */
  served(index: number): void {
    this.#states.set(index, same)
  }

  /** A call is made again; its end says what it gives. */
  executed(index: number): OutputWatcher {
    const recorded = this.#calls[index]?.outcome
    return (end) => {
      this.#states.set(index, recorded ? stateOf(recorded, end) : unknown)
    }
  }

  /**
   * A call of an operator was made that is not recorded. Any of those that were not asked for may be the one that it takes
   * the place of: the only one, or one that gave the same.
   */
  suspect(op: string, unasked: readonly number[]): OutputWatcher {
    this.#suspects.add(op)
    return (end) => {
      const states = unasked
        .filter((index) => !this.#states.has(index))
        .flatMap((index): [number, State][] => {
          const recorded = this.#calls[index]?.outcome
          return recorded ? [[index, stateOf(recorded, end)]] : []
        })
      const [found] =
        states.length === 1 ? states : states.filter(([, { kind }]) => kind === 'same')
      if (found) this.#states.set(...found)
    }
  }

  /** Whether a part of a call's output is not what is recorded, or may not be. */
  mayDiffer(index: number, pointer: string): boolean {
    const call = this.#calls[index]
    const state = this.#states.get(index)
    if (!call) return false
    if (!state) return this.#suspects.has(call.op) || this.#isReached(index)
    if (state.kind !== 'other') return state.kind === 'unknown'
    const before = call.outcome.kind === 'value' ? call.outcome.value : undefined
    const [recorded, now] = [before, state.value].map((value) => resolvePointer(value, pointer))
    return firstDifference(recorded, now) !== undefined
  }

  /** Whether what has changed leads to a call, through results or out of the calls inside it. */
  #isReached(index: number): boolean {
    this.#reached ??= this.#reach()
    return this.#reached.has(index)
  }

  #reach(): ReadonlySet<number> {
    const reached = new Set([...this.#calls.keys()].filter(this.#isChanged))
    // A set also goes through what is added meanwhile.
    for (const at of reached) for (const next of this.#followers[at] ?? []) reached.add(next)
    return reached
  }
}

function stateOf(recorded: RecordedOutcome, end: Parameters<OutputWatcher>[0]): State {
  if ('thrown' in end) {
    const { thrown } = end
    if (recorded.kind !== 'error' || !isError(thrown)) return unknown
    const isSame = errorName(thrown) === recorded.type && errorMessage(thrown) === recorded.message
    return isSame ? same : unknown
  }
  if (recorded.kind !== 'value') return unknown
  const { value, text } = end
  if (value === undefined) return recorded.value === undefined ? same : unknown
  if (text.isCut || (text.fidelity !== 'exact' && text.fidelity !== 'incomplete')) return unknown
  const now: unknown = text.isString ? text.text : JSON.parse(text.text)
  return firstDifference(recorded.value, now) ? { kind: 'other', value: now } : same
}
