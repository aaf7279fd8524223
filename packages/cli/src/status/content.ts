import type { Proposal, Store, StoredVerdict } from '@trace2/store'
import { datasetNames } from '../options/dataset-names.ts'
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
    /** The latest verdict on each of the open ones that have one, by id. */
    readonly verdicts: Readonly<Record<string, StoredVerdict['verdict']>>
    /** The open ones whose parameter was given another value since they were made. */
    readonly outdated: readonly string[]
  }
  /** Names, the dataset that was changed last first. */
  readonly datasets: readonly string[]
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
  const open = proposals.filter(({ status }) => status === 'open')
  const count = (status: string) => proposals.filter((one) => one.status === status).length
  return {
    runs: { count: runs, failed, last: last?.startedAt ?? null },
    feedback: { count: feedback, runs: judged },
    parameters: (await store.parameters()).filter(({ trainable }) => trainable).length,
    proposals: {
      open: open.map(({ id }) => id),
      accepted: count('accepted') - back.size,
      rejected: count('rejected'),
      rolledBack: [...back],
      verdicts: await latestVerdicts(store, open),
      outdated: await outdatedOf(store, open),
    },
    datasets: await datasetNames(store),
    step: await lastCallOf(store, 'step'),
    guide: await lastCallOf(store, 'guide'),
    deployment: await lastDeploymentOf(store),
  }
}

async function latestVerdicts(
  store: Store,
  proposals: readonly Proposal[],
): Promise<Content['proposals']['verdicts']> {
  const found: Record<string, StoredVerdict['verdict']> = {}
  for (const { id } of proposals) {
    const [latest] = await store.verdicts({ proposal: id })
    if (latest) found[id] = latest.verdict
  }
  return found
}

/** Proposals that `trace2 accept` refuses, because another value was put in force after they were made. */
async function outdatedOf(
  store: Store,
  proposals: readonly Proposal[],
): Promise<readonly string[]> {
  const deployments = proposals.length === 0 ? [] : await store.deployments()
  return proposals
    .filter(({ parameter, baseVersion, createdAt }) => {
      const last = deployments.findLast((one) => one.parameter === parameter)
      return last !== undefined && last.createdAt > createdAt && last.version !== baseVersion
    })
    .map(({ id }) => id)
}

async function numbers(store: Store, query: string): Promise<number[]> {
  const { rows } = await store.sql(query)
  return (rows[0] ?? []).map(Number)
}
