import type { Proposal, RunSummary, Store } from '@trace2/store'
import { raise } from '../errors.ts'

/** A run by id, by the beginning of one, or `last`, the latest. Rejects with `T2_NO_RUN_YET` where there is none at all. */
export async function findRun(store: Store, reference: string): Promise<RunSummary> {
  const latest = await latestRun(store)
  return reference === 'last' ? latest : store.findRun(reference)
}

/** A proposal by id, by the beginning of one, or `last`, the latest. Rejects with what is missing where there is none at all. */
export async function findProposal(store: Store, reference: string): Promise<Proposal> {
  if (reference !== 'last') return store.proposal(reference)
  const proposals = await store.proposals()
  const [latest] = proposals.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
  if (latest) return latest
  await latestRun(store)
  throw raise('T2_NO_PROPOSAL_YET', `No proposals in ${store.location} yet.`)
}

async function latestRun(store: Store): Promise<RunSummary> {
  const [latest] = await store.runs({ limit: 1 })
  if (!latest) throw raise('T2_NO_RUN_YET', `No runs in ${store.location} yet.`)
  return latest
}
