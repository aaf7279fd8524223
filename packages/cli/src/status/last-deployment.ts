import type { Store } from '@trace2/store'

/** What was put in force last, or taken back, and what has come of it. */
export interface LastDeployment {
  readonly action: 'accept' | 'rollback'
  readonly parameter: string
  /** `null` is the value in the code. */
  readonly version: string | null
  readonly at: string
  /** Runs that started since and used that version. */
  readonly runs: number
  /** Those of them that have feedback. */
  readonly judged: number
}

const QUERY = `WITH last AS (SELECT * FROM v_deployment ORDER BY created_at DESC, id LIMIT 1),
run AS (
  SELECT r.feedback FROM v_run r, last
  WHERE r.started_at >= last.created_at::TIMESTAMP AND EXISTS (
    SELECT 1 FROM v_parameter_use u
    WHERE u.trace_id = r.trace_id AND u.name = last.parameter
      AND CASE WHEN last.version IS NULL THEN u.version <> last.previous_version ELSE u.version = last.version END
  )
)
SELECT action, parameter, version, (SELECT count(*) FROM run), (SELECT count(*) FROM run WHERE feedback > 0)
FROM last`

/** The latest acceptance or rollback of a store, or `null` where there was none. */
export async function lastDeploymentOf(store: Store): Promise<LastDeployment | null> {
  const { rows } = await store.sql(QUERY)
  const [row] = rows
  if (!row) return null
  const [action, parameter, version, runs, judged] = row
  const at = (await store.deployments(String(parameter))).at(-1)?.createdAt ?? ''
  return {
    action: action === 'rollback' ? 'rollback' : 'accept',
    parameter: String(parameter),
    version: typeof version === 'string' ? version : null,
    at,
    runs: Number(runs),
    judged: Number(judged),
  }
}
