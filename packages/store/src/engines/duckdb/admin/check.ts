import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { counted, formatCount } from '@trace2/core'
import { type Finding, okFinding } from '../../../finding.ts'
import { openFailure } from '../failure.ts'
import { LogBase } from '../log-base.ts'
import { checkTables } from './check-tables.ts'
import { readEverything } from './readable.ts'

/** Opens a database for reading, and checks that every row can be read and that the tables agree. */
export async function checkDatabase(path: string): Promise<Finding[]> {
  let instance: DuckDBInstance
  const logBase = new LogBase(path)
  const iteration = await logBase.iteration()
  try {
    instance = await DuckDBInstance.create(path, {
      access_mode: 'READ_ONLY',
      enable_external_access: 'false',
      autoload_known_extensions: 'false',
    })
  } catch (error) {
    await logBase.close()
    const { message } = openFailure(path, error)
    const remedy =
      'If another process has it open, stop that. If it is damaged, `trace2 collect` sets what is damaged aside, begins anew and replays the journal; older runs come back from a copy or an export.'
    return [{ severity: 'error', check: 'open', message, remedy }]
  }
  const connection = await instance.connect()
  try {
    await logBase.check(connection, iteration)
    const damage = await checkBlocks(connection, path)
    // What is missing would be reported over and over.
    const sound = damage.severity === 'ok'
    const tables = sound ? await checkTables(connection) : []
    return [okFinding('open', 'The database opens.'), damage, ...tables]
  } catch (error) {
    const { code, message } = openFailure(path, error)
    if (code !== 'T2_STORE_DAMAGED') throw error
    const remedy =
      '`trace2 collect` sets the log aside and replays the journal. If the database was restored from a copy, that is what is wanted.'
    return [{ severity: 'error', check: 'write-ahead log', message, remedy }]
  } finally {
    connection.closeSync()
    instance.closeSync()
    await logBase.close()
  }
}

async function checkBlocks(connection: DuckDBConnection, path: string): Promise<Finding> {
  const check = 'damaged blocks'
  const lost = (await readEverything(connection)).filter(
    (table) => table.lost + table.incomplete > 0,
  )
  if (lost.length === 0) return okFinding(check, 'Every row can be read.')
  const which = lost.map(({ table, rows, lost, incomplete }) => {
    return `of ${counted(rows, 'row')} of ${table} ${formatCount(lost)} cannot be read and ${formatCount(incomplete)} not whole`
  })
  const message = `The file is damaged: ${which.join('; ')}.`
  const remedy = `Copy what can be read: \`trace2 doctor --db ${path} --salvage NEW.duckdb\`, then use the new file.`
  return { severity: 'error', check, message, remedy }
}
