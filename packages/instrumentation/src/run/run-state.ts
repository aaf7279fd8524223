import { type Context, type Span, trace } from '@opentelemetry/api'
import { shared } from '@trace2/core'
import { Lineage } from '../lineage/lineage.ts'
import type { DeclaredParameter } from '../parameter/declared-parameter.ts'
import { currentSnapshot, type Snapshot } from '../parameter/snapshot.ts'
import type { ParameterUse } from '../parameter/use.ts'

/** What belongs to one run and goes with it. */
export class RunState {
  /** `undefined` outside any run: parameters have the values of the moment there. */
  readonly #snapshot: Snapshot | undefined
  readonly lineage: Lineage
  /** The span that stands for the run. */
  root: { readonly traceId: string; readonly spanId: string } | undefined
  readonly #known = new Set<ParameterUse>()
  readonly #shown = new Set<ParameterUse>()
  readonly #pending = new Set<PendingResult>()

  readonly #chosen: Map<DeclaredParameter, ParameterUse>

  /** A run `within` another has that one's parameters. */
  constructor(options: { readonly within?: RunState; readonly detached?: boolean } = {}) {
    const { within, detached = false } = options
    if (!detached) this.#snapshot = within ? within.#snapshot : currentSnapshot()
    this.#chosen = within ? within.#chosen : new Map()
    this.lineage = new Lineage({ matchesValues: !detached })
  }

  use(parameter: DeclaredParameter): ParameterUse {
    const snapshot = this.#snapshot
    if (!snapshot) return currentSnapshot().use(parameter)
    const uses = snapshot.uses(parameter)
    const [only] = uses
    if (only && uses.length === 1) return only
    let use = this.#chosen.get(parameter)
    if (!use) {
      use = choose(uses) ?? snapshot.use(parameter)
      this.#chosen.set(parameter, use)
    }
    return use
  }

  /** Notes that a parameter's value is about in this run. */
  note(use: ParameterUse): void {
    if (this.#known.has(use)) return
    this.#known.add(use)
    if (this.lineage.matchesValues) this.lineage.values.add(use)
  }

  /** Whether no span of the run shows the parameter yet: the one that asks then carries its value. */
  isFirst(use: ParameterUse): boolean {
    this.note(use)
    if (this.#shown.has(use)) return false
    this.#shown.add(use)
    return true
  }

  /** Has a result that its caller has not used yet end with the run at the latest. Outside any run nothing ends. */
  await(pending: PendingResult): void {
    if (this.lineage.matchesValues) this.#pending.add(pending)
  }

  settle(pending: PendingResult): void {
    this.#pending.delete(pending)
  }

  /** Whether there are results that their callers have not used. */
  get hasPending(): boolean {
    return this.#pending.size > 0
  }

  /** Ends what nobody used, but for what the run hands out: that may still be used. */
  endPending(returned: ReadonlySet<object>): void {
    for (const pending of this.#pending) {
      const { result } = pending
      if (!result || !returned.has(result)) pending.end()
    }
  }

  end(): void {
    this.lineage.end()
  }
}

/** A result whose recording waits for the caller to use it. */
export interface PendingResult {
  /** `undefined` once it is collected. */
  readonly result: object | undefined
  end(): void
}

function choose(uses: readonly ParameterUse[]): ParameterUse | undefined {
  let left = Math.random()
  for (const use of uses) {
    left -= use.propensity
    if (left < 0) return use
  }
  return uses.at(-1)
}

// Calls outside any run and any span. Their objects and templates are known to one another, their values are not.
const detached = shared('run.detached', () => new RunState({ detached: true }))
const surroundings = shared('run.surroundings', () => new WeakMap<Span, RunState>())

/** The state around a call that no run of ours encloses: that of the foreign span around it, if there is one. */
export function surroundingState(context: Context): { state: RunState; inSpan: boolean } {
  const span = trace.getSpan(context)
  if (!span) return { state: detached, inSpan: false }
  let state = surroundings.get(span)
  if (!state) {
    state = new RunState()
    const { traceId, spanId } = span.spanContext()
    state.root = { traceId, spanId }
    surroundings.set(span, state)
  }
  return { state, inSpan: true }
}
