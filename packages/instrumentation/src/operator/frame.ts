import { type Context, createContextKey } from '@opentelemetry/api'
import { layout } from '@trace2/core'
import { raise } from '../errors.ts'
import type { Scope } from '../lineage/producer.ts'
import type { DeclaredParameter } from '../parameter/declared-parameter.ts'
import { currentSnapshot } from '../parameter/snapshot.ts'
import type { ParameterUse } from '../parameter/use.ts'
import { type RunState, surroundingState } from '../run/run-state.ts'
import { activeContext } from '../tracing/carrier.ts'

/** One call of an operator while it runs. */
export interface Frame {
  readonly run: RunState
  /** `undefined` where the span is not recorded. */
  readonly scope: Scope | undefined
  /** Parameters whose value was read inside. */
  readonly reads: ParameterUse[]
  /** What was passed, where no other parameter may be read inside. */
  readonly declared: ReadonlySet<unknown> | undefined
  /** Whether other operators ran inside. */
  hasInner: boolean
}

const frameKey = createContextKey(`trace2.frame.${layout}`)

export function frameOf(context: Context): Frame | undefined {
  // Only withFrame sets this key.
  return context.getValue(frameKey) as Frame | undefined
}

export function withFrame(context: Context, frame: Frame): Context {
  return context.setValue(frameKey, frame)
}

/** The parameter with its value in the current run. */
export function useOf(parameter: DeclaredParameter): ParameterUse {
  const frame = frameOf(activeContext())
  return frame ? frame.run.use(parameter) : currentSnapshot().use(parameter)
}

/**
 * As {@link useOf}, and the operator around it, if there is one, has used it.
 *
 * @throws {Trace2Error} `T2_PARAMETER_UNDECLARED` where that operator must not.
 */
export function readParameter(parameter: DeclaredParameter): ParameterUse {
  const frame = frameOf(activeContext())
  if (!frame) return currentSnapshot().use(parameter)
  if (frame.declared && !frame.declared.has(parameter)) {
    const what = `The parameter ${parameter.name} was read inside an operator that it was not passed to.`
    throw raise('T2_PARAMETER_UNDECLARED', what)
  }
  const use = frame.run.use(parameter)
  if (frame.scope) {
    if (!frame.reads.includes(use)) frame.reads.push(use)
    frame.run.note(use)
  }
  return use
}

/** The state in which values outside or inside a run are looked up. */
export function currentState(): RunState {
  const context = activeContext()
  return frameOf(context)?.run ?? surroundingState(context).state
}

/** Whether this code is part of a run that a sampler left out. */
export function isUnrecorded(): boolean {
  const frame = frameOf(activeContext())
  return frame !== undefined && frame.scope === undefined
}
