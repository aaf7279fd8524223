import type { Trace2Error } from '@trace2/core'
import type { Decision } from './decision.ts'
import { raise } from './errors.ts'

/**
 * The error of a decision that stands in the way of another: `T2_DECISION_UNFINISHED`.
 *
 * @param why it is not finished, in a sentence.
 */
export function decisionUnfinished(
  decision: Decision,
  why: string,
  options?: { readonly cause: unknown },
): Trace2Error {
  return raise(
    'T2_DECISION_UNFINISHED',
    `${decisionText(decision)} is not finished: ${why}`,
    options,
  )
}

/** The subject of a sentence about a decision. */
export function decisionText({ action, changes, target, begunAt }: Decision): string {
  const what =
    action === 'accept'
      ? `The acceptance of ${changes.map(({ proposal }) => proposal).join(', ')} into ${target}`
      : `The rollback of ${changes.map(({ parameter }) => parameter).join(', ')} in ${target}`
  return `${what}, begun at ${begunAt},`
}
