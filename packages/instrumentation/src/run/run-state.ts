import { type Context, type Span, trace } from '@opentelemetry/api'
import { Lineage } from '../lineage/lineage.ts'
import type { Parameter } from '../parameter/parameter.ts'
import { currentSnapshot, type Snapshot } from '../parameter/snapshot.ts'
import type { ParameterUse } from '../parameter/use.ts'

/** What belongs to one run and goes with it. */
export class RunState {
  readonly snapshot: Snapshot
  readonly lineage: Lineage
  /** The span that stands for the run. */
  root: { readonly traceId: string; readonly spanId: string } | undefined
  readonly #known = new Set<ParameterUse>()
  readonly #shown = new Set<ParameterUse>()

  constructor(options: { readonly snapshot?: Snapshot; readonly matchesValues?: boolean } = {}) {
    this.snapshot = options.snapshot ?? currentSnapshot()
    this.lineage = new Lineage({ matchesValues: options.matchesValues ?? true })
  }

  use(parameter: Parameter<unknown>): ParameterUse {
    return this.snapshot.use(parameter)
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

  end(): void {
    this.lineage.clear()
  }
}

// Calls outside any run and any span. Their objects and templates are known to one another, their values are not.
const detached = new RunState({ matchesValues: false })
const surroundings = new WeakMap<Span, RunState>()

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
