import {
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api'
import { type KnownPrompt, PromptNames } from '../../../prompt-names/index.ts'
import { baseOfPrompt, type FoundPrompt, type SpanPlace } from '../../../reading/index.ts'
import { appendRows } from '../bulk/index.ts'
import { insertParameterVersions } from '../records/parameters.ts'
import { parseJson, text, textOrNull } from '../row.ts'
import { parameterUseTable, reading, rowWriter, unnamedPromptTable } from '../tables/index.ts'
import { nowNs } from '../time.ts'
import { askOn, duringTraces } from './trace-times.ts'

/** A prompt with the JSON of its value. */
type ValuedPrompt = FoundPrompt & { readonly value: string }

/** A prompt of which the name is known. */
type NamedPrompt = ValuedPrompt & { readonly given: string }

/** A span around a call ends within this time after the call, or is not waited for. */
const LONGEST_WAIT_NS = 3_600n * 1_000_000_000n
/** Prompts that are looked at in one transaction. */
const PROMPTS_AT_ONCE = 4_096
/** Where nobody reads, the prompts that wait are looked at when there are so many new ones. */
const MOST_NEW = 2_048
const REMEMBERED = 20_000

const writeUse = rowWriter(parameterUseTable)
const writeUnnamed = rowWriter(unnamedPromptTable)
const readUnnamed = reading(unnamedPromptTable)

/**
 * Names the prompts that spans have no names for. A span ends, and comes, before those around it: its prompt is named
 * when the span that names it has come. Until then, prompts that are asked for are shown under the name that they would
 * have without it.
 */
export class PromptNaming {
  readonly #names = new PromptNames()
  /** Versions that are stored, as `name@version`. */
  readonly #stored = new Set<string>()
  #waiting: boolean
  /** Prompts that have begun to wait since the last look. */
  #fresh = 0
  /** Whether spans have come since the last look. */
  #stale = true
  #lookedNs = 0n

  /** @param waiting whether there are prompts that wait. */
  constructor(waiting: boolean) {
    this.#waiting = waiting
  }

  /** Whether {@link settle} may have something to do. */
  get due(): boolean {
    return this.#waiting && (this.#stale || nowNs() - this.#lookedNs > LONGEST_WAIT_NS / 60n)
  }

  /** Whether so many wait that they are to be looked at though nobody reads. */
  get overdue(): boolean {
    return this.#fresh > MOST_NEW
  }

  /** Names what can be named, and keeps the rest until more has come. Whoever rolls this back calls {@link forget}. */
  async insert(
    connection: DuckDBConnection,
    prompts: readonly FoundPrompt[],
    values: ReadonlyMap<string, string>,
  ): Promise<void> {
    this.#stale = true
    if (prompts.length === 0) return
    const all = prompts.map((prompt) => ({
      ...prompt,
      value: values.get(prompt.version) ?? 'null',
    }))
    await this.#add(connection, await this.#named(connection, all))
    const left = all.filter(({ base }) => base === null)
    if (left.length === 0) return
    await appendRows(connection, unnamedPromptTable.name, left, writeUnnamed)
    this.#waiting = true
    this.#fresh += left.length
  }

  /** Names the prompts that wait, as far as what names them has come; shows the others. */
  async settle(connection: DuckDBConnection): Promise<void> {
    const now = nowNs()
    let fewer = true
    while (fewer) {
      const answer = await connection.runAndReadAll(
        `SELECT ${readUnnamed.select} FROM unnamed_prompt ORDER BY start_ns LIMIT ${PROMPTS_AT_ONCE}`,
      )
      const rows = answer.getRowObjectsJson().map(readUnnamed.read)
      this.#waiting = rows.length > 0
      if (rows.length === 0) break
      const surroundings = await surroundingsOf(connection)
      const waiting = rows.map((row) => {
        const prompt = {
          ...{ traceId: row.trace_id, spanId: row.span_id, startNs: row.start_ns },
          ...{ endNs: row.end_ns, role: row.role, name: row.name, version: row.version },
          ...{ caller: row.caller, value: row.value, shown: row.shown },
        }
        const complete = now - row.end_ns > LONGEST_WAIT_NS
        return { ...prompt, base: baseOfPrompt(prompt, surroundings, complete) }
      })
      const ready = waiting.filter(({ base }) => base !== null)
      const hidden = waiting.filter(({ base, shown }) => base === null && !shown)
      await forgetShown(
        connection,
        ready.filter(({ shown }) => shown),
      )
      await this.#add(connection, await this.#named(connection, ready))
      await this.#add(
        connection,
        hidden.map((prompt) => ({ ...prompt, given: prompt.name })),
      )
      await connection.run(`DELETE FROM unnamed_prompt WHERE ${among}`, ...keys(ready))
      await connection.run(`UPDATE unnamed_prompt SET shown = true WHERE ${among}`, ...keys(hidden))
      fewer = ready.length > 0 && rows.length === PROMPTS_AT_ONCE
      if (!fewer) this.#waiting = rows.length > ready.length
    }
    this.#stale = false
    this.#fresh = 0
    this.#lookedNs = now
  }

  /** To be called when what was written is not stored after all, or no more. */
  forget(): void {
    this.#names.forget()
    this.#stored.clear()
    this.#waiting = true
    this.#stale = true
  }

  async #named(
    connection: DuckDBConnection,
    prompts: readonly ValuedPrompt[],
  ): Promise<NamedPrompt[]> {
    const asked = prompts
      .flatMap((prompt) => (prompt.base === null ? [] : [{ prompt, base: prompt.base }]))
      .sort((a, b) => Number(a.prompt.startNs - b.prompt.startNs))
    const unknown = this.#names.unknown(asked.map(({ base }) => base))
    if (unknown.length > 0) this.#names.learn(unknown, await knownPrompts(connection, unknown))
    const names = this.#names.name(
      asked.map(({ prompt: { traceId, version, value }, base }) => ({
        ...{ traceId, base, version },
        text: () => String(parseJson(value)),
      })),
    )
    return asked.map(({ prompt }, index) => ({ ...prompt, given: names[index] ?? prompt.name }))
  }

  async #add(connection: DuckDBConnection, prompts: readonly NamedPrompt[]): Promise<void> {
    if (prompts.length === 0) return
    await appendRows(connection, parameterUseTable.name, prompts, (row, prompt) => {
      const { given: name, version, role } = prompt
      writeUse(row, { record: prompt, use: { name, version, propensity: null, role } })
    })
    const fresh = prompts.filter(({ given, version }) => !this.#stored.has(`${given}@${version}`))
    if (fresh.length === 0) return
    await insertParameterVersions(
      connection,
      fresh.map(({ given: name, version, value, startNs }) => ({
        ...{ name, version, value, valueKind: 'text' as const, trainable: true },
        ...{ description: '', schema: null, firstSeenNs: startNs },
      })),
    )
    if (this.#stored.size > REMEMBERED) this.#stored.clear()
    for (const { given, version } of fresh) this.#stored.add(`${given}@${version}`)
  }
}

const among = 'trace_id || span_id || role IN (SELECT unnest($1))'

function keys(prompts: readonly FoundPrompt[]): [DuckDBValue[], DuckDBType[]] {
  const list = prompts.map(({ traceId, spanId, role }) => traceId + spanId + role)
  return [[listValue(list)], [LIST(VARCHAR)]]
}

/** Forgets the names under which prompts were shown for a time, and their versions where nothing else uses them. */
async function forgetShown(
  connection: DuckDBConnection,
  prompts: readonly FoundPrompt[],
): Promise<void> {
  if (prompts.length === 0) return
  await connection.run(
    `DELETE FROM parameter_use WHERE role IS NOT NULL AND ${among}`,
    ...keys(prompts),
  )
  await connection.run(
    `DELETE FROM parameter_version WHERE name || '@' || version IN (SELECT unnest($1))
       AND added IS NOT TRUE
       AND (name, version) NOT IN (SELECT (name, version) FROM parameter_use)`,
    [listValue([...new Set(prompts.map(({ name, version }) => `${name}@${version}`))])],
    [LIST(VARCHAR)],
  )
}

/** What is stored of the prompts of some callers, the latest first. */
async function knownPrompts(
  connection: DuckDBConnection,
  bases: readonly string[],
): Promise<KnownPrompt[]> {
  const answer = await connection.runAndReadAll(
    `WITH prompt AS (
       SELECT name, version, value, first_seen_ns,
         coalesce(nullif(regexp_extract(name, '^(.*\\.(?:system|prompt)|prompt\\.[^.]+)\\.[^.]+$', 1), ''), name) AS base
       FROM parameter_version
       WHERE contains(name, '.system') OR contains(name, '.prompt') OR starts_with(name, 'prompt.')
     )
     SELECT name, version, value ->> '$' AS text FROM prompt
     WHERE name IN (SELECT unnest($1)) OR base IN (SELECT unnest($1))
     ORDER BY first_seen_ns DESC LIMIT 20000`,
    [listValue([...bases])],
    [LIST(VARCHAR)],
  )
  return answer.getRowObjectsJson().map((row) => ({
    name: text(row, 'name'),
    version: text(row, 'version'),
    text: text(row, 'text'),
  }))
}

/** The spans around those of the prompts that wait. */
async function surroundingsOf(connection: DuckDBConnection) {
  const waiting = `SELECT trace_id, span_id FROM unnamed_prompt ORDER BY start_ns LIMIT ${PROMPTS_AT_ONCE}`
  const traces = await connection.runAndReadAll(`SELECT DISTINCT trace_id FROM (${waiting})`)
  const ids = traces.getRowObjectsJson().map((row) => text(row, 'trace_id'))
  const during = await duringTraces(askOn(connection), ids)
  const answer = await connection.runAndReadAll(
    `WITH RECURSIVE waiting AS MATERIALIZED (${waiting}),
     place AS MATERIALIZED (
       SELECT trace_id, span_id, parent_span_id, op, op_kind, kind FROM span
       WHERE ${during} AND trace_id IN (SELECT trace_id FROM waiting)
     ),
     around AS (
       SELECT trace_id, span_id FROM waiting
       UNION
       SELECT place.trace_id, place.parent_span_id FROM around JOIN place USING (trace_id, span_id)
       WHERE place.parent_span_id IS NOT NULL
     ),
     named AS (
       SELECT trace_id, span_id, json_group_object(version, name)::VARCHAR AS named FROM parameter_use
       WHERE ${during} AND role IS NULL AND (trace_id, span_id) IN (SELECT (trace_id, span_id) FROM around)
       GROUP BY ALL
     )
     SELECT place.*, named.named FROM around JOIN place USING (trace_id, span_id)
     LEFT JOIN named USING (trace_id, span_id)`,
  )
  const places = new Map<string, SpanPlace>()
  for (const row of answer.getRowObjectsJson()) {
    const named = textOrNull(row, 'named')
    places.set(text(row, 'trace_id') + text(row, 'span_id'), {
      op: text(row, 'op'),
      opKind: textOrNull(row, 'op_kind'),
      kind: text(row, 'kind'),
      parent: textOrNull(row, 'parent_span_id'),
      named: named === null ? undefined : new Map(Object.entries(JSON.parse(named))),
    })
  }
  return (traceId: string, spanId: string) => places.get(traceId + spanId)
}
