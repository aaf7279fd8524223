import type { Trace2Error } from '@trace2/core'
import { raise } from './errors.ts'
import type { Proposal } from './proposal.ts'

/** The error of deciding a proposal again: `T2_PROPOSAL_CLOSED`. */
export function proposalClosed({
  id,
  status,
  target,
}: Pick<Proposal, 'id' | 'status' | 'target'>): Trace2Error {
  const where = status === 'accepted' && target !== undefined ? `, into ${target}` : ''
  return raise('T2_PROPOSAL_CLOSED', `The proposal ${id} is ${status} already${where}.`)
}
