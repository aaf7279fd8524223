import type { Json } from '@trace2/core'

/**
 * What a replay does with the calls of one operator.
 *
 * - `recorded-or-live`: the call gets the recorded answer. If there is none, it runs. This is the default of operators
 *   without effects.
 * - `recorded`: the call gets the recorded answer. If there is none, the replay ends. Operators with effects have this policy,
 *   unless they have a stub.
 * - `live`: the call always runs.
 * - `{ stub }`: the call gets this value, whatever its inputs are.
 */
export type ReplayPolicy = 'live' | 'recorded' | 'recorded-or-live' | ReplayRule

/** A policy with further settings. See {@link ReplayPolicy}. */
export interface ReplayRule {
  /** Whether calls run or get the recorded answer. Default: that of the operator, see {@link ReplayPolicy}. */
  readonly use?: 'live' | 'recorded' | 'recorded-or-live'
  /** The answer of every call. If it is given, calls neither run nor get a recorded answer. */
  readonly stub?: Json
  /** Names of inputs that are not compared, beside those that the operator itself declares. */
  readonly volatile?: readonly string[]
}

/** A policy for each operator, by the name of the operator. */
export interface ReplayPolicies {
  readonly [op: string]: ReplayPolicy
}

export interface Rule {
  readonly use: 'live' | 'recorded' | 'recorded-or-live' | undefined
  readonly stub: Json | undefined
  readonly volatile: readonly string[]
}

const none: Rule = { use: undefined, stub: undefined, volatile: [] }

export function ruleOf(policies: ReplayPolicies, op: string): Rule {
  const policy = Object.hasOwn(policies, op) ? policies[op] : undefined
  if (policy === undefined) return none
  if (typeof policy === 'string') return { ...none, use: policy }
  const { use, stub, volatile = [] } = policy
  return { use, stub, volatile }
}

/** Whether calls are answered neither by the record nor by chance: what has one inside cannot be answered as a whole. */
export function isForced({ use, stub }: Rule): boolean {
  return use === 'live' || stub !== undefined
}
