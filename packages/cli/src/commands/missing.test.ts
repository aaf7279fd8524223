import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

test.each([
  [['show'], '`trace2 proposals`'],
  [['accept'], '`trace2 proposals --status open`'],
  [['reject'], '`trace2 proposals --status open`'],
  [['graph'], '`trace2 runs`'],
  [['feedback'], '`trace2 runs`'],
  [['compare'], '`trace2 parameters`'],
  [['rollback'], '`trace2 parameters`'],
])('%s without what it needs names the command that lists it', async (args, listing) => {
  const { code, err } = await command(args)
  expect(code).toBe(2)
  expect(err).toMatch(/^error T2_USAGE: /)
  expect(err.replaceAll(/\s+/g, ' ')).toContain(listing)
})

test('in an empty store, the latest of anything is missing with the way to get it', async () => {
  const cwd = temporaryDirectory()
  await (await openStore(join(cwd, 'trace2.duckdb'))).close()
  for (const args of [
    ['graph', 'last'],
    ['graph', '8c1f2e77'],
    ['feedback', 'last'],
    ['feedback', 'last', '--score', '1'],
    ['show', 'last'],
  ]) {
    const { code, err } = await command(args, { cwd })
    expect(code, args.join(' ')).toBe(1)
    expect(err).toMatch(/^error T2_NO_RUN_YET: No runs in \S*trace2\.duckdb yet\./)
    expect(err).toContain('`trace2 collect`')
  }
  writeFileSync(join(cwd, 'a.jsonl'), (await recordedRequest(['a refund'], 'json')).body)
  await command(['import', 'a.jsonl'], { cwd })
  const { err } = await command(['show', 'last'], { cwd })
  expect(err).toMatch(/^error T2_NO_PROPOSAL_YET: No proposals in .*\n.*`trace2 optimize`/)
})
