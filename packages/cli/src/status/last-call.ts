import type { Store } from '@trace2/store'

/** Who asks a model: a step of an optimizer, or a guide. */
export type Asker = 'step' | 'guide'

/** The latest question that one of them asked. */
export interface LastCall {
  readonly asker: Asker
  /** `started`: it is still asked, or was stopped. */
  readonly state: 'started' | 'done' | 'failed'
  readonly model: string
  /** Why it failed, with the code of the error in front where there was one. */
  readonly error: string
  /** Whether there was an answer: a failure then means that it could not be used. */
  readonly answered: boolean
  /** Whether a value was put in force, or taken back, after it. */
  readonly superseded: boolean
  /** Pieces of feedback that came after it. */
  readonly newFeedback: number
}

const queryOf = (asker: Asker) => `WITH last AS (
  SELECT * FROM v_llm_call WHERE starts_with(purpose, 'guide.') = ${asker === 'guide'}
  ORDER BY started_at DESC, id LIMIT 1
)
SELECT status, model, coalesce(error, ''), json_type(response) <> 'NULL',
  EXISTS (SELECT 1 FROM v_deployment d WHERE d.created_at > last.started_at),
  (SELECT count(*) FROM v_feedback f WHERE f.created_at > last.started_at::TIMESTAMP)
FROM last`

/** The latest question in a store, or `null` where none was asked yet. */
export async function lastCallOf(store: Store, asker: Asker): Promise<LastCall | null> {
  const { rows } = await store.sql(queryOf(asker))
  const [row] = rows
  if (!row) return null
  const [state, model, error, answered, superseded, newFeedback] = row
  return {
    asker,
    state: state === 'done' || state === 'failed' ? state : 'started',
    model: String(model),
    error: String(error),
    answered: answered === true,
    superseded: superseded === true,
    newFeedback: Number(newFeedback),
  }
}
