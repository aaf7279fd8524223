import type { Store } from '../store.ts'
import { rowsOf } from './rows.ts'
import type { LookalikeCheck } from './trace-check.ts'
import { isGeneral, shortName } from './unread.ts'

const SPANS = 10_000
/** Scopes that are told of, those with most spans first. */
const MOST_TOLD = 20

/** What a span of a model call has, by the last words of the names that programs give it. */
const marks: Readonly<Record<keyof LookalikeCheck['keys'], RegExp>> = {
  model: /(?:^|_)(?:model|model_?(?:name|id)|llm|engine)$/,
  instructions: /(?:^|_)(?:system|instructions?|system_(?:prompt|message|instructions?))$/,
  input: /(?:^|_)(?:(?<!system_)prompts?|messages|inputs?|question|request|query)$/,
  output: /(?:^|_)(?:completions?|outputs?|response|answer|generation|reply)$/,
  tokens: /(?:^|_)tokens?(?:_|$)/,
}

/** Words that only a model call has; any program has an input and a response. */
const telling =
  /(?:^|_)(?:llm|gpt|prompts?|completions?|messages|system_(?:prompt|message|instructions?)|tokens?)(?:_|$)/

/** Spans of no known dialect that are like calls of a model, by the names of their attributes, among the latest. */
export async function lookalikesOf(store: Store): Promise<LookalikeCheck[]> {
  const found = await store.sql(`
    SELECT scope, names, count(*) AS spans
    FROM (
      SELECT coalesce(scope ->> 'name', '') AS scope, json_keys(attributes)::JSON::VARCHAR AS names
      FROM v_span WHERE dialect = 'otel' AND kind = 'op' ORDER BY start_ns DESC LIMIT ${SPANS}
    )
    GROUP BY ALL ORDER BY spans DESC, scope, names`)
  const byScope = new Map<string, LookalikeCheck>()
  for (const row of rowsOf(found)) {
    const keys = keysIn(JSON.parse(row.text('names')))
    if (!keys) continue
    const scope = row.text('scope')
    const known = byScope.get(scope)
    byScope.set(scope, {
      scope,
      spans: row.count('spans') + (known?.spans ?? 0),
      keys: { ...keys, ...known?.keys },
    })
  }
  return [...byScope.values()].sort((a, b) => b.spans - a.spans).slice(0, MOST_TOLD)
}

/** The names that tell of a call; `undefined` where fewer than two do, or none of them is a model's alone. */
function keysIn(names: unknown): LookalikeCheck['keys'] | undefined {
  const said = (Array.isArray(names) ? names : []).filter(
    (name): name is string => typeof name === 'string' && !isGeneral(name),
  )
  const words = said.map((name) => ({ name, form: snakeCase(name) }))
  const found = Object.entries(marks).flatMap(([field, mark]) => {
    const key = words.find(({ form }) => mark.test(form))
    return key ? [[field, shortName(key.name)] as const] : []
  })
  const isTold = words.some(({ form }) => telling.test(form))
  return isTold && found.length >= 2 ? Object.fromEntries(found) : undefined
}

function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/(?:_\d+)+(?=_|$)/g, '')
}
