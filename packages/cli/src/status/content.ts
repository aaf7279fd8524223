import type { Store } from '@trace2/store'
import { type LastCall, lastCallOf } from './last-call.ts'
import { type LastDeployment, lastDeploymentOf } from './last-deployment.ts'

/** What a store holds, in figures. */
export interface Content {
  readonly runs: { readonly count: number; readonly failed: number; readonly last: string | null }
  readonly feedback: { readonly count: number; readonly runs: number }
  readonly parameters: number
  readonly proposals: {
    readonly open: readonly string[]
    readonly accepted: number
    readonly rejected: number
    readonly rolledBack: readonly string[]
  }
  /** The latest questions of an optimizer and of a guide. */
  readonly step: LastCall | null
  readonly guide: LastCall | null
  readonly deployment: LastDeployment | null
}

/** Of production, not of trials; counted by the database: no run is read. */
export async function contentOf(store: Store): Promise<Content> {
  const [runs = 0, failed = 0, feedback = 0, judged = 0] = await numbers(
    store,
    `SELECT (SELECT count(*) FROM v_run WHERE experiment IS NULL),
      (SELECT count(*) FROM v_run WHERE failed AND experiment IS NULL),
      (SELECT count(*) FROM v_feedback WHERE experiment IS NULL),
      (SELECT count(DISTINCT trace_id) FROM v_feedback WHERE experiment IS NULL)`,
  )
  const [last] = await store.runs({ limit: 1 })
  const proposals = await store.proposals()
  const { rolledBack } = await import('@trace2/optimizer')
  const back = await rolledBack(store)
  const count = (status: string) => proposals.filter((one) => one.status === status).length
  return {
    runs: { count: runs, failed, last: last?.startedAt ?? null },
    feedback: { count: feedback, runs: judged },
    parameters: (await store.parameters()).filter(({ trainable }) => trainable).length,
    proposals: {
      open: proposals.filter(({ status }) => status === 'open').map(({ id }) => id),
      accepted: count('accepted') - back.size,
      rejected: count('rejected'),
      rolledBack: [...back],
    },
    step: await lastCallOf(store, 'step'),
    guide: await lastCallOf(store, 'guide'),
    deployment: await lastDeploymentOf(store),
  }
}

async function numbers(store: Store, query: string): Promise<number[]> {
  const { rows } = await store.sql(query)
  return (rows[0] ?? []).map(Number)
}
