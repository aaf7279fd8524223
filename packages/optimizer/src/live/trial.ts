import type { Json } from '@trace2/core'
import type { Parameter } from '@trace2/instrumentation'
import type { Proposal, Store } from '@trace2/store'
import type { Evaluate } from '../optimizers/index.ts'
import { isBetter } from '../values/index.ts'

/** The scores that an evaluator gave to values before and after a change. */
export interface Trial {
  /** Score of the values before the change. */
  readonly present: number
  /** Score of the proposed values. */
  readonly proposed: number
}

export type Parameters = ReadonlyMap<string, Parameter<unknown>>

/**
 * Puts proposed values in force and leaves them there where the evaluator scores them higher than the present ones.
 * Otherwise the present ones are in force again, also where the evaluator fails, and the proposals are rejected with
 * their score, which later steps are shown.
 */
export async function tryOut(
  proposals: readonly Proposal[],
  parameters: Parameters,
  evaluate: Evaluate,
  store: Pick<Store, 'decideProposal'>,
): Promise<Trial> {
  const before = proposals.flatMap(({ parameter }) => parameters.get(parameter) ?? [])
  const values = before.map((parameter) => parameter.value)
  const present = await evaluate(valuesOf(parameters))
  let proposed = Number.NaN
  try {
    putInForce(proposals, parameters)
    proposed = await evaluate(valuesOf(parameters))
  } finally {
    if (!isBetter(proposed, present)) {
      for (const [at, parameter] of before.entries()) parameter.update(values[at])
    }
  }
  if (!isBetter(proposed, present)) {
    const note = `It scored ${proposed} where the value in force scored ${present}.`
    for (const { id } of proposals) await store.decideProposal(id, { status: 'rejected', note })
  }
  return { present, proposed }
}

/** Gives parameters the values that are proposed for them. */
export function putInForce(proposals: readonly Proposal[], parameters: Parameters): void {
  for (const { parameter, value } of proposals) parameters.get(parameter)?.update(value)
}

/** A parameter's value as JSON, or its span could not carry it. */
export function jsonValueOf(parameter: Parameter<unknown>): Json {
  return JSON.parse(JSON.stringify(parameter.value ?? null))
}

function valuesOf(parameters: Parameters): ReadonlyMap<string, Json> {
  return new Map([...parameters.values()].map((each) => [each.name, jsonValueOf(each)]))
}
