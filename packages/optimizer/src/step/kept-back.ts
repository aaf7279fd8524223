import type { Store } from '@trace2/store'

/**
 * Ids of the runs that datasets keep to select and to decide on. A step that learned from them would make any verdict on
 * them worthless.
 */
export async function keptBackRuns(
  store: Pick<Store, 'datasets' | 'sql'>,
): Promise<ReadonlySet<string>> {
  if ((await store.datasets()).length === 0) return new Set()
  const { rows } = await store.sql(
    `SELECT DISTINCT run FROM v_case
     JOIN (SELECT dataset AS name, max(version) AS latest FROM v_case GROUP BY dataset) ON name = dataset AND latest = version
     WHERE split <> 'train' AND run IS NOT NULL`,
  )
  return new Set(rows.map(([run]) => String(run)))
}
