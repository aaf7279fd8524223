import type { Proposal, ProposalMark } from '@trace2/store'
import { raise } from '../errors.ts'
import { isEmptyText, marksOf } from '../values/index.ts'
import type { CurrentParameter } from './current.ts'

/** Returns the marks of a proposal. For a proposal stored before marks existed they are computed now. */
export function proposalMarks({ baseValue, value, marks }: Proposal): readonly ProposalMark[] {
  return marks ?? marksOf({ value: baseValue, schema: null }, value)
}

/** The marks that `marked` stands for. What cannot be seen has an option and an error of its own. */
export function marksToConfirm(proposal: Proposal): readonly ProposalMark[] {
  return proposalMarks(proposal).filter(({ kind }) => kind !== 'invisible')
}

/**
 * Stops an acceptance of what nobody may have looked at.
 *
 * @throws `T2_VALUE_EMPTY`; `T2_PROPOSAL_MARKED` unless `marked`.
 */
export function refuseUnusual(
  proposals: readonly Proposal[],
  current: ReadonlyMap<string, CurrentParameter>,
  marked: boolean,
): void {
  for (const { id, parameter, baseValue, value } of proposals) {
    const schema = current.get(parameter)?.schema ?? null
    if (!isEmptyText({ value: baseValue, schema }, value)) continue
    throw raise('T2_VALUE_EMPTY', `${id} proposes an empty text for ${parameter}.`)
  }
  const unusual = proposals.filter((proposal) => marksToConfirm(proposal).length > 0)
  if (marked || unusual.length === 0) return
  const told = unusual.map((proposal) => {
    const details = marksToConfirm(proposal).map(({ detail }) => detail)
    return `${proposal.id} (${proposal.parameter}): ${details.join(' ')}`
  })
  throw raise('T2_PROPOSAL_MARKED', `The change is unusual. ${told.join(' ')}`)
}
