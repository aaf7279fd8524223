import type { Store } from '../store.ts'
import { rowsOf } from './rows.ts'
import type { DialectCheck, TraceSender } from './trace-check.ts'

const mostSenders = 100

/** Who sent the spans. */
export async function sendersOf(store: Store): Promise<TraceSender[]> {
  const found = await store.sql(`
    SELECT service, coalesce(scope ->> 'name', '') AS scope, coalesce(scope ->> 'version', '') AS version,
      resource -> 'attributes' ->> 'telemetry.sdk.language' AS language,
      resource -> 'attributes' ->> 'telemetry.sdk.name' AS sdk,
      resource -> 'attributes' ->> 'telemetry.sdk.version' AS sdk_version, sum(spans) AS spans
    FROM (SELECT service, scope, resource, count(*) AS spans FROM v_span GROUP BY ALL)
    GROUP BY ALL ORDER BY spans DESC, service, scope, version, language LIMIT ${mostSenders}`)
  return rowsOf(found).map((row) => ({
    service: row.textOrNull('service'),
    scope: row.text('scope'),
    version: row.text('version'),
    language: row.textOrNull('language'),
    sdk: row.textOrNull('sdk'),
    sdkVersion: row.textOrNull('sdk_version'),
    spans: row.count('spans'),
  }))
}

/** What each dialect read. */
export async function dialectsOf(store: Store): Promise<DialectCheck[]> {
  const found = await store.sql(`
    SELECT dialect, count(*) AS spans, count_if(op_kind = 'llm') AS model_calls,
      count_if(op_kind = 'tool') AS tool_calls, count_if(op_kind = 'agent') AS agents,
      count_if(op_kind IS NULL) AS unknown
    FROM v_span WHERE kind <> 'feedback' GROUP BY dialect ORDER BY spans DESC, dialect`)
  return rowsOf(found).map((row) => ({
    dialect: row.text('dialect'),
    spans: row.count('spans'),
    modelCalls: row.count('model_calls'),
    toolCalls: row.count('tool_calls'),
    agents: row.count('agents'),
    unknown: row.count('unknown'),
  }))
}
