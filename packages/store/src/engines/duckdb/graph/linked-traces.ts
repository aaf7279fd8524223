import type { Database, Row } from '../database.ts'
import { askIn, duringTraces } from '../ingest/trace-times.ts'
import { readIn } from '../read-in.ts'
import { number, text } from '../row.ts'
import { sql } from '../sql.ts'

/** The traces that links lead to. */
export interface LinkedTraces {
  /** Those from which data came, directly or over others, without the ones that it was asked for. */
  readonly followed: readonly string[]
  /** Those that are stored but were not followed: with them, there would be more spans than are to be read. */
  readonly leftOut: ReadonlySet<string>
}

/** Rounds in which nothing is looked through ahead: most links lead no further. */
const ROUNDS_ALONE = 3

/** How many traces are looked through ahead at most: a round has to stay cheap in a store full of other traces. */
const MOST_AHEAD = 8_192

/**
 * Follows links from some traces to those that they lead to, and on from there: breadth first, with a few queries for
 * each round. What a link leads to came before, and often shortly before. From the fourth round on, the links of the
 * traces before are therefore looked at too, of twice as many in each round: a chain of n traces takes log n rounds.
 */
export async function followLinks(
  database: Database,
  from: Iterable<string>,
  mostSpans: number,
): Promise<LinkedTraces> {
  const seen = new Set(from)
  let followed: string[] = []
  const leftOut = new Set<string>()
  let left = mostSpans
  let earliest = 0n
  let wanted: readonly string[] = [...seen]
  let during = await duringTraces(askIn(database), wanted)
  for (let round = 0; wanted.length > 0; round++) {
    const ahead = round < ROUNDS_ALONE ? 0 : Math.min(2 ** (round - ROUNDS_ALONE), MOST_AHEAD)
    const [links, before] = await Promise.all([
      linksOf(database, wanted, during),
      linksBefore(database, earliest, ahead),
    ])
    const next = newIn(links, wanted, seen)
    const found = next.concat(newIn(before, next, seen))
    if (found.length === 0) break
    during = await duringTraces(askIn(database), found)
    const sizes = await sizesOf(database, found, during)
    const admitted: string[] = []
    // In the order in which they were found: what is left out is farthest away.
    for (const traceId of found) {
      const size = sizes.get(traceId)
      if (!size) continue
      if (size.spans > left) {
        leftOut.add(traceId)
        continue
      }
      left -= size.spans
      if (admitted.length === 0 || size.from < earliest) earliest = size.from
      admitted.push(traceId)
    }
    followed = followed.concat(admitted)
    wanted = admitted
  }
  return { followed, leftOut }
}

/** The traces that each trace links to. */
type Links = ReadonlyMap<string, readonly string[]>

/** Traces that links lead to from some others, the nearest first. Whatever is found counts as seen from then on. */
function newIn(links: Links, from: readonly string[], seen: Set<string>): string[] {
  const found: string[] = []
  const look = (trace: string) => {
    for (const origin of links.get(trace) ?? []) {
      if (seen.has(origin)) continue
      seen.add(origin)
      found.push(origin)
    }
  }
  for (const trace of from) look(trace)
  // It grows meanwhile.
  for (const trace of found) look(trace)
  return found
}

async function linksOf(
  database: Database,
  traceIds: readonly string[],
  during: string,
): Promise<Links> {
  const query = `${sql('trace-link')} AND ${during} AND trace_id`
  return linksIn(await readIn(database, query, traceIds))
}

/** Links of the `ahead` traces that began last before some time, or at it: clocks that tell milliseconds are usual. */
async function linksBefore(database: Database, time: bigint, ahead: number): Promise<Links> {
  if (ahead === 0) return new Map()
  const [row] = await database.rows(
    `SELECT min(from_ns) AS from_ns FROM (
       SELECT from_ns FROM trace_time WHERE from_ns <= ${time}::UBIGINT ORDER BY from_ns DESC LIMIT ${ahead}
     )`,
  )
  const first = row && text(row, 'from_ns')
  if (!first) return new Map()
  const during = `start_ns >= ${BigInt(first)}::UBIGINT AND start_ns <= ${time}::UBIGINT`
  return linksIn(await database.rows(`${sql('trace-link')} AND ${during}`))
}

function linksIn(rows: readonly Row[]): Links {
  const links = new Map<string, string[]>()
  for (const row of rows) {
    const trace = text(row, 'trace_id')
    const origins = links.get(trace)
    if (origins) origins.push(text(row, 'origin_trace_id'))
    else links.set(trace, [text(row, 'origin_trace_id')])
  }
  // Rows come in any order, and what is left out must not depend on it.
  for (const origins of links.values()) origins.sort()
  return links
}

interface TraceSize {
  readonly spans: number
  readonly from: bigint
}

/** How many spans those of some traces have that are stored, and when they began. */
async function sizesOf(
  database: Database,
  traceIds: readonly string[],
  during: string,
): Promise<Map<string, TraceSize>> {
  const rows = await readIn(
    database,
    `SELECT * FROM (
       SELECT trace_id, count(*) AS spans, min(start_ns) AS from_ns FROM span
       WHERE kind NOT IN ('feedback', 'aside') AND ${during} GROUP BY trace_id
     ) WHERE trace_id`,
    traceIds,
  )
  return new Map(
    rows.map((row) => {
      const from = BigInt(text(row, 'from_ns'))
      return [text(row, 'trace_id'), { spans: number(row, 'spans'), from }]
    }),
  )
}
