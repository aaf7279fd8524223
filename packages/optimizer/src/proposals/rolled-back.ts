import type { Proposal, Store } from '@trace2/store'

/**
 * Returns the ids of accepted proposals whose values were rolled back. They can be accepted again. Their status in the store
 * stays `accepted`.
 *
 * @example const isBack = (await rolledBack(store)).has('p-1f0c2b3a')
 */
export async function rolledBack(store: Pick<Store, 'deployments'>): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (const { proposal, action } of await store.deployments()) {
    if (proposal === null) continue
    if (action === 'rollback') ids.add(proposal)
    else ids.delete(proposal)
  }
  return ids
}

/** Tells whether a proposal can be accepted: it is open, or its value was rolled back. */
export function isAcceptable({ id, status }: Proposal, back: ReadonlySet<string>): boolean {
  return status === 'open' || (status === 'accepted' && back.has(id))
}
