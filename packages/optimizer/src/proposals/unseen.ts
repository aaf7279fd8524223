import { type NewUnseen, newUnseen, parameterVersion, unseenText } from '@trace2/core'
import type { Proposal } from '@trace2/store'
import { raise } from '../errors.ts'

type Change = Pick<Proposal, 'baseValue' | 'baseVersion' | 'value'>

/**
 * Returns what a proposed value has and a reader does not see, or takes for something else, where the present value does not
 * have it. A proposal whose present value is not the one of its version is judged as if there were none.
 */
export function proposalUnseen({ baseValue, baseVersion, value }: Change): readonly NewUnseen[] {
  const isTrue = parameterVersion(baseValue) === baseVersion
  return newUnseen(isTrue ? baseValue : null, value)
}

/**
 * Stops an acceptance of what nobody can have seen.
 *
 * @throws `T2_VALUE_UNSEEN` unless `allowed`.
 */
export function refuseUnseen(proposals: readonly Proposal[], allowed: boolean): void {
  if (allowed) return
  const told = proposals.flatMap((proposal) => {
    const unseen = proposalUnseen(proposal)
    return unseen.length === 0
      ? []
      : [`${proposal.id} (${proposal.parameter}): ${unseenText(unseen)}.`]
  })
  if (told.length === 0) return
  throw raise('T2_VALUE_UNSEEN', `The change adds what a reader does not see. ${told.join(' ')}`)
}

/** The note of a decision about proposals, with what was allowed in it. */
export function noteOfUnseen(proposals: readonly Proposal[], note = ''): string {
  const told = proposals.flatMap((proposal) => {
    const unseen = proposalUnseen(proposal)
    if (unseen.length === 0) return []
    const text = unseenText(unseen)
    return proposals.length === 1 ? text : `${proposal.parameter}: ${text}`
  })
  return told.length === 0
    ? note
    : `${note} Accepted with --allow-invisible: ${told.join('; ')}.`.trim()
}
