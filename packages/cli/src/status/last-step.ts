import type { Store } from '@trace2/collector/store'

/** The latest question that a step of an optimizer, or a guide, asked a model. */
export interface LastStep {
  readonly kind: 'step' | 'judging'
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

const QUERY = `WITH last AS (SELECT * FROM v_llm_call ORDER BY started_at DESC, id LIMIT 1)
SELECT purpose LIKE 'guide.%', status, model, coalesce(error, ''), json_type(response) <> 'NULL',
  EXISTS (SELECT 1 FROM v_deployment d WHERE d.created_at > last.started_at),
  (SELECT count(*) FROM v_feedback f WHERE f.created_at > last.started_at::TIMESTAMP)
FROM last`

/** The latest step or judging of a store, or `null` where no model was asked yet. */
export async function lastStepOf(store: Store): Promise<LastStep | null> {
  const { rows } = await store.sql(QUERY)
  const [row] = rows
  if (!row) return null
  const [judged, state, model, error, answered, superseded, newFeedback] = row
  return {
    kind: judged === true ? 'judging' : 'step',
    state: state === 'done' || state === 'failed' ? state : 'started',
    model: String(model),
    error: String(error),
    answered: answered === true,
    superseded: superseded === true,
    newFeedback: Number(newFeedback),
  }
}
