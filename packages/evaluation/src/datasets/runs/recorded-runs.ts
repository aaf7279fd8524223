import type { Json } from '@trace2/core'
import type { RunSummary, Store } from '@trace2/store'
import { isTooDeep } from '../files/nesting.ts'

/** What the store has of a run's span. */
export interface RecordedRun {
  readonly run: RunSummary
  /** Convention by which its values were read. */
  readonly dialect: string
  /** `null` where none was recorded. */
  readonly input: Json
  readonly output: Json
  /** Roles of the inputs that were cut or withheld when they were recorded. */
  readonly hashedRoles: readonly string[]
  readonly outputCut: boolean
}

/** Runs that are asked for at once. */
const batch = 500
const day = 86_400_000

/** The values of runs, as many at a time as one query should have. */
export async function* recordedRuns(
  store: Pick<Store, 'sql'>,
  runs: readonly RunSummary[],
): AsyncGenerator<readonly RecordedRun[]> {
  for (let from = 0; from < runs.length; from += batch) {
    const some = runs.slice(from, from + batch)
    const { rows } = await store.sql(queryFor(some))
    const bySpan = new Map(rows.map((row) => [`${row[0]}:${row[1]}`, row]))
    yield some.map((run) => {
      const row = bySpan.get(`${run.traceId}:${run.spanId}`) ?? []
      const [, , dialect, input, output, hashes] = row
      const hashed = stringsOf(parsed(hashes))
      return {
        run,
        dialect: String(dialect ?? ''),
        input: parsed(input),
        output: parsed(output),
        hashedRoles: hashed.flatMap((name) =>
          name.startsWith(inputHash) ? [name.slice(inputHash.length)] : [],
        ),
        outputCut: hashed.includes(outputHash),
      }
    })
  }
}

const inputHash = 'trace2.input.hash.'
const outputHash = 'trace2.output.hash'

/** Ids consist of hexadecimal digits; whatever else a store may answer does not get into a query. */
function queryFor(runs: readonly RunSummary[]): string {
  const pairs = runs.flatMap(({ traceId, spanId }) =>
    /^[0-9a-f]{32}$/.test(traceId) && /^[0-9a-f]{16}$/.test(spanId)
      ? [`('${traceId}', '${spanId}')`]
      : [],
  )
  const times = runs.map(({ startedAt }) => Date.parse(startedAt)).filter(Number.isFinite)
  const [first, last] = [Math.min(...times), Math.max(...times)]
  const during =
    times.length === 0
      ? 'true'
      : `start_ns BETWEEN ${nanoseconds(first - day)} AND ${nanoseconds(last + day)}`
  return `
    SELECT trace_id, span_id, dialect, input::VARCHAR, output::VARCHAR,
      to_json(list_filter(json_keys(attributes), lambda name: starts_with(name, 'trace2.input.hash.')
        OR name = '${outputHash}'))::VARCHAR
    FROM v_span
    WHERE ${during} AND (trace_id, span_id) IN (${pairs.join(', ') || "('', '')"})`
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.max(0, Math.floor(ms))) * 1_000_000n
}

/** A value too deep to be worked on is as good as none. */
function parsed(value: Json | undefined): Json {
  return typeof value === 'string' && !isTooDeep(value) ? JSON.parse(value) : null
}

function stringsOf(value: Json): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
