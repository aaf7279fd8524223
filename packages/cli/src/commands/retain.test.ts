import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openStore } from '@trace2/store'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

async function database() {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund', 'something else'], 'json')
  writeFileSync(join(cwd, 'runs.jsonl'), body)
  await command(['import', 'runs.jsonl'], { cwd })
  // Everything is older than the shortest time that can be given.
  await setTimeout(20)
  return { cwd, trace2: (...args: string[]) => command(args, { cwd }) }
}

test('deletes nothing where all is too old, and all of it with --force', async () => {
  const { cwd, trace2 } = await database()
  const refused = await trace2('retain', '--max-age', '0.01s')
  expect(refused.code).toBe(1)
  expect(refused.err).toContain('T2_RETENTION_SHARE')
  expect(refused.err).toContain('--force')
  const forced = await trace2('retain', '--max-age', '0.01s', '--force')
  expect(forced.out).toContain('Deleted 2 traces')
  const store = await openStore(join(cwd, 'trace2.duckdb'))
  expect(await store.runs()).toEqual([])
  await store.close()
})

test('keeps what is young enough, and asks how much to keep', async () => {
  const { trace2 } = await database()
  expect((await trace2('retain', '--max-age', '1d')).out).toContain('Deleted 0 traces')
  const nothing = await trace2('retain')
  expect(nothing.err).toContain('--max-age')
})
