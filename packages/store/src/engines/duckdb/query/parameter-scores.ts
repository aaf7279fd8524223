import { raise } from '../../../errors.ts'
import type { ScoreSummary, ScoresQuery, VersionScores } from '../../../store.ts'
import type { Database } from '../database.ts'
import { number, text, textOrNull } from '../row.ts'
import { sql } from '../sql.ts'
import { isoNanoseconds, nanosecondsOf } from '../time.ts'

/** What the runs came to that used each version of a parameter, by when the first of them began. */
export async function readParameterScores(
  database: Database,
  name: string,
  { since }: ScoresQuery = {},
): Promise<VersionScores[]> {
  const from = since === undefined ? 0n : nanosecondsOf(since)
  if (from === undefined) throw raise('T2_SQL', `${since} is not a time (ISO 8601).`)
  const versions = new Map<string, VersionScores & { readonly scores: ScoreSummary[] }>()
  for (const row of await database.rows(sql('parameter-scores'), [name, String(from)])) {
    const version = text(row, 'version')
    const known = versions.get(version) ?? {
      version,
      runs: number(row, 'runs'),
      firstRunAt: isoNanoseconds(BigInt(text(row, 'first_ns'))),
      lastRunAt: isoNanoseconds(BigInt(text(row, 'last_ns'))),
      scores: [],
    }
    versions.set(version, known)
    const judged = textOrNull(row, 'name')
    if (judged === null) continue
    known.scores.push({
      name: judged,
      runs: number(row, 'judged'),
      mean: number(row, 'mean'),
      squares: number(row, 'squares'),
    })
  }
  return [...versions.values()]
}
