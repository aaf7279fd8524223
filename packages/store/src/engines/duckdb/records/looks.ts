import { raise } from '../../../errors.ts'
import type { Look } from '../../../evaluation.ts'
import type { Database } from '../database.ts'
import { insertRows, lookTable } from '../tables/index.ts'
import { documents, documentsOn, documentText } from './document-rows.ts'

/** Adds looks if the store has exactly `known` of them. */
export async function addLooks(
  database: Database,
  dataset: string,
  looks: readonly Look[],
  known: number,
): Promise<void> {
  await database.write(async (connection) => {
    const counts = await connection.runAndReadAll(
      'SELECT count(*), coalesce(max(number), 0) FROM look',
    )
    const [found = 0, last = 0] = (counts.getRowsJson()[0] ?? []).map(Number)
    if (found !== known) {
      const others = `${found} looks were taken at the datasets of this store, not ${known}`
      throw raise('T2_LOOK_CONFLICT', `${others}: another decision was made meanwhile.`)
    }
    const rows = looks.map((look, at) => ({ look: { ...look, dataset }, number: last + at + 1 }))
    await insertRows(connection, lookTable, rows)
  })
}

export function readLooks(database: Database, dataset?: string): Promise<Look[]> {
  return documents(
    database,
    'SELECT document FROM look WHERE coalesce(dataset = $1, $1 IS NULL) ORDER BY number',
    [dataset ?? null],
  )
}

/** Writes a verdict to a look, if nothing was written meanwhile that the verdict does not know of. */
export async function settleLook(
  database: Database,
  id: string,
  { verdict, earned, left }: Pick<Look, 'verdict' | 'earned' | 'left'>,
): Promise<Look> {
  return database.write(async (connection) => {
    const [look] = await documentsOn<Look>(connection, 'SELECT document FROM look WHERE id = $1', [
      id,
    ])
    if (!look) throw raise('T2_LOOK_UNKNOWN', `There is no look ${JSON.stringify(id)}.`)
    const fail = (fault: string) => raise('T2_LOOK_CONFLICT', `The look ${id} ${fault}.`)
    if (look.verdict !== null) throw fail(`has the verdict ${JSON.stringify(look.verdict)} already`)
    const own = await documentsOn<Look>(
      connection,
      `SELECT document FROM look
       WHERE dataset = $1 AND (document ->> 'split') = $2 AND (document ->> 'candidate') = $3
       ORDER BY number DESC`,
      [look.dataset, look.split, look.candidate],
    )
    // Looking to select decides nothing, nor does a look that was taken back.
    const latest = own.find(
      ({ purpose, verdict: of }) => purpose === look.purpose && of !== 'not taken',
    )
    if (latest?.id !== id) throw fail('is not the last one at its candidate any more')
    if (earned > 0 && own.some((other) => other.earned > 0)) {
      throw fail('would earn what its candidate has earned already')
    }
    const settled: Look = { ...look, verdict, earned, left }
    await connection.run('UPDATE look SET document = $2 WHERE id = $1', [id, documentText(settled)])
    return settled
  })
}
