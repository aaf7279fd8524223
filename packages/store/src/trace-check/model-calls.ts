import type { Store } from '../store.ts'
import { senderKey } from './latest-runs.ts'
import { rowsOf } from './rows.ts'
import type { ModelCallCheck } from './trace-check.ts'

/** What is known of foreign model calls. Usage may stand on the inference inside a call, and a session on any span of a trace. */
export async function modelCallsOf(
  store: Store,
  unnamed: ReadonlyMap<string, number>,
): Promise<ModelCallCheck[]> {
  const found = await store.sql(`
    WITH call AS (
      SELECT trace_id, span_id, coalesce(scope ->> 'name', '') AS scope, dialect,
        input IS NOT NULL AND output IS NOT NULL AS messages,
        input_tokens IS NOT NULL AND output_tokens IS NOT NULL AS tokens
      FROM v_span WHERE op_kind = 'llm' AND dialect <> 'trace2'
    ),
    used AS (
      SELECT trace_id, span_id, bool_or(NOT is_tool) AS prompt, bool_or(is_tool) AS tools
      FROM (SELECT trace_id, span_id, name, name LIKE 'tool.%.description' AS is_tool FROM v_parameter_use)
      GROUP BY ALL
    ),
    counted AS (
      SELECT DISTINCT trace_id, parent_span_id AS span_id
      FROM v_span WHERE op_kind = 'inference' AND input_tokens IS NOT NULL
    ),
    conversation AS (SELECT DISTINCT trace_id FROM v_span WHERE session IS NOT NULL),
    executed AS (
      SELECT coalesce(scope ->> 'name', '') AS scope, dialect, count(*) AS undescribed
      FROM v_span LEFT JOIN used USING (trace_id, span_id)
      WHERE op_kind = 'tool' AND dialect <> 'trace2' AND used.tools IS NOT TRUE GROUP BY ALL
    )
    SELECT scope, dialect, count(*) AS calls, count_if(messages) AS messages, count_if(used.prompt) AS prompts,
      count_if(used.tools) AS tools,
      count_if(tokens OR counted.span_id IS NOT NULL) AS tokens,
      count_if(conversation.trace_id IS NOT NULL) AS sessions, coalesce(any_value(undescribed), 0) AS undescribed
    FROM call
    LEFT JOIN used USING (trace_id, span_id)
    LEFT JOIN counted USING (trace_id, span_id)
    LEFT JOIN conversation USING (trace_id)
    LEFT JOIN executed USING (scope, dialect)
    GROUP BY scope, dialect ORDER BY calls DESC, scope, dialect`)
  return rowsOf(found).map((row) => ({
    scope: row.text('scope'),
    dialect: row.text('dialect'),
    calls: row.count('calls'),
    messages: row.count('messages'),
    prompts: row.count('prompts'),
    unnamed:
      unnamed.get(senderKey({ scope: row.text('scope'), dialect: row.text('dialect') })) ?? 0,
    tools: row.count('tools'),
    undescribed: row.count('undescribed'),
    tokens: row.count('tokens'),
    sessions: row.count('sessions'),
  }))
}
