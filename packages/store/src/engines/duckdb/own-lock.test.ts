import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { span } from '../../testing/spans.ts'
import { temporaryDirectory } from '../../testing/temporary.ts'
import { openDatabase } from './duckdb-store.ts'

const directory = temporaryDirectory()

/** What another process is told that opens a database. */
function another(path: string): string {
  const program = `
    import { DuckDBInstance } from '@duckdb/node-api'
    try {
      const instance = await DuckDBInstance.create(${JSON.stringify(path)})
      instance.closeSync()
      console.log('opened')
    } catch (error) {
      console.log(String(error).includes('lock') ? 'locked' : String(error))
    }`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  return stdout.trim()
}

it('is not opened by another process, before and after it is written to and checkpointed', async () => {
  const path = join(directory, 'locked.duckdb')
  for (const id of ['1', '2']) {
    const { store, database } = await openDatabase(path)
    const told = [another(path)]
    await store.writeSpans([span({ id })])
    told.push(another(path))
    await database.checkpoint()
    await store.writeSpans([span({ id: `${id}a` })])
    told.push(another(path))
    await store.close()
    expect([...told, another(path)]).toEqual(['locked', 'locked', 'locked', 'opened'])
  }
})
