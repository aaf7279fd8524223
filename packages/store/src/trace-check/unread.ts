import { isReadKey } from '../reading/index.ts'
import type { Store } from '../store.ts'
import { rowsOf } from './rows.ts'
import type { UnreadCheck, UnreadKey } from './trace-check.ts'

const SPANS = 10_000
const MOST_NAMES = 20_000
const MOST_TOLD = 50
const LONGEST = 80

/** Beginnings of names of OpenTelemetry's general conventions. */
const generalNames =
  /^(?:http|url|server|client|network|net|thread|process|host|os|rpc|db|messaging|user_agent|otel|peer|error|telemetry|service|enduser|user)\./

/** Whether a name is of OpenTelemetry's general conventions, which say nothing of an agent. */
export function isGeneral(name: string): boolean {
  return generalNames.test(name)
}

/** Attribute names of the latest spans that no rule looks at. Of a value nothing is told. */
export async function unreadOf(store: Store): Promise<UnreadCheck> {
  const [latest] = rowsOf(
    await store.sql(`
      SELECT min(start_ns)::VARCHAR AS since, count(*) AS spans
      FROM (SELECT start_ns FROM v_span ORDER BY start_ns DESC LIMIT ${SPANS})`),
  )
  const since = latest?.textOrNull('since') ?? null
  if (since === null || !/^\d+$/.test(since)) return { spans: 0, keys: [], more: 0, general: 0 }
  const found = await store.sql(`
    SELECT dialect, regexp_replace(name, '[0-9]+', '#', 'g') AS key, min(name) AS example,
      count(DISTINCT span) AS spans
    FROM (
      SELECT dialect, row_number() OVER () AS span, unnest(json_keys(attributes)) AS name
      FROM (SELECT dialect, attributes FROM v_span WHERE start_ns >= ${since} LIMIT ${SPANS})
    )
    GROUP BY ALL ORDER BY spans DESC, key, dialect LIMIT ${MOST_NAMES}`)
  const unread = rowsOf(found)
    .map((row) => ({
      key: row.text('key'),
      example: row.text('example'),
      dialect: row.text('dialect'),
      spans: row.count('spans'),
    }))
    .filter(({ example, dialect }) => !isReadKey(example, dialect))
  const said = unread.filter(({ key }) => !isGeneral(key))
  return {
    spans: latest?.count('spans') ?? 0,
    keys: said.slice(0, MOST_TOLD).map(shown),
    more: Math.max(0, said.length - MOST_TOLD),
    general: unread.length - said.length,
  }
}

function shown({ key, example, ...rest }: UnreadKey): UnreadKey {
  return { key: shortName(key), example: shortName(example), ...rest }
}

/** A name comes from a stranger, and may be of any length. */
export function shortName(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text
}
