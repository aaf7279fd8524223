import type { Store } from '../store.ts'
import { rowsOf } from './rows.ts'
import type { FilledPrompt } from './trace-check.ts'

/** Fewer runs say nothing: a prompt may have been changed between them. */
const LEAST_RUNS = 5
/** From this share of other texts on, it is the program that writes them and not a person. */
const MOSTLY = 0.8
const MOST = 20

/** Prompts that other instrumentations recorded with another text in nearly each run. */
export async function filledPromptsOf(store: Store): Promise<FilledPrompt[]> {
  const found = await store.sql(`
    SELECT used.name, count(DISTINCT trace_id) AS runs, count(DISTINCT version) AS texts
    FROM v_parameter_use used JOIN v_span USING (trace_id, span_id)
    WHERE dialect <> 'trace2' AND op_kind IN ('llm', 'agent') AND used.name NOT LIKE 'tool.%.description'
    GROUP BY used.name
    HAVING runs >= ${LEAST_RUNS} AND texts >= ${MOSTLY} * runs
    ORDER BY texts DESC, used.name LIMIT ${MOST}`)
  return rowsOf(found).map((row) => ({
    name: row.text('name'),
    runs: row.count('runs'),
    texts: row.count('texts'),
  }))
}
