import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

/** A directory with a database of runs about these tickets. */
async function directoryWithRuns(bodies: readonly string[]): Promise<string> {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(bodies, 'json')
  writeFileSync(join(cwd, 'traces.jsonl'), body)
  expect(await command(['import', 'traces.jsonl'], { cwd })).toMatchObject({ code: 0 })
  return cwd
}

const refunds = ['a refund', 'another refund', 'my refund please', 'no answer']

test('runs become a dataset, which is shown, exported and read again as the same cases', async () => {
  const cwd = await directoryWithRuns(refunds)
  const trace2 = (...args: string[]) => command(args, { cwd, env: { COLUMNS: '80' } })
  const made = await trace2('dataset', 'tickets', '--from-runs')
  expect(made.code).toBe(0)
  expect(made.out).toMatch(/^tickets, version 1: 4 cases \(4 added\)\n4 groups: train \d/)
  expect(made.err).toContain('No case has a reference')
  const listed = await trace2('datasets')
  expect(listed.out).toMatch(/^DATASET .*\ntickets +1 +4/)
  for (const file of ['tickets.csv', 'tickets.jsonl']) {
    expect((await trace2('dataset', 'tickets', '--export', file)).out).toBe(
      `${file}: 4 cases of tickets, version 1\n`,
    )
    const again = await trace2('dataset', 'tickets', '--file', file)
    expect(again.out).toBe('tickets has these cases already: version 1, 4 cases\n')
  }
  const shown = await trace2('dataset', 'tickets', '--show')
  expect(shown.out).toContain('{"body":"my refund please"}')
  for (const line of `${shown.out}${made.out}${made.err}`.split('\n')) {
    expect(line.length).toBeLessThanOrEqual(80)
  }
  const described = JSON.parse((await trace2('dataset', 'tickets', '--show', '--json')).out)
  expect(described).toMatchObject({ cases: 4, list: expect.any(Array) })
})

test('cases are added, corrected and removed, each as a version', async () => {
  const cwd = await directoryWithRuns(refunds)
  const trace2 = (...args: string[]) => command(args, { cwd })
  await trace2('dataset', 't', '--from-runs', '--where', "name = 'support-agent'", '--sample', '2')
  const [first] = JSON.parse((await trace2('dataset', 't', '--show', '--json')).out).list
  const more = [
    JSON.stringify({ inputs: first.inputs, expected: 'billing' }),
    '{"inputs": {"ticket": {"body": "new"}}}',
    'nonsense',
  ]
  writeFileSync(join(cwd, 'more.jsonl'), more.join('\n'))
  const added = await trace2('dataset', 't', '--add', 'more.jsonl')
  expect(added.out).toContain('t, version 2: 3 cases (1 added, 1 edited, 1 unchanged)\n')
  expect(added.err).toContain('more.jsonl:3: The line is not JSON')
  expect(added.err).toContain('T2_CASE_TEXT')
  const removed = await trace2('dataset', 't', '--remove', first.id.slice(0, 8))
  expect(removed.out).toContain('t, version 3: 2 cases (0 added, 2 unchanged, 1 removed)\n')
  const all = await trace2('dataset', 't', '--from-runs', '--add', '--json')
  expect(JSON.parse(all.out)).toMatchObject({
    added: 3,
    version: { version: 4 },
    runs: { runs: 4, usable: 4, chosenBy: null },
    description: { cases: 5 },
  })
  const versions = await trace2('datasets', 't', '--json')
  expect(JSON.parse(versions.out).map(({ origin }: { origin: string }) => origin)).toEqual([
    "2 runs, where name = 'support-agent', sampled (seed 1); split 60/20/20",
    'added more.jsonl; split 60/20/20',
    `without ${first.id}; split 60/20/20`,
    'added 4 runs; split 60/20/20',
  ])
  const old = await trace2('dataset', 't@1', '--export', 'old.csv')
  expect(old.out).toBe('old.csv: 2 cases of t, version 1\n')
})

test('a dataset of failures says that no gate can decide on it', async () => {
  const cwd = await directoryWithRuns(refunds)
  const { err, out } = await command(
    ['dataset', 't', '--from-runs', '--sample', '3', '--sampling', 'failures'],
    { cwd },
  )
  expect(out).toContain('3 cases')
  expect(err).toMatch(/Chosen by how the run went: 3 cases/)
})

test('what a stranger wrote does not reach the terminal as it is', async () => {
  const cwd = temporaryDirectory()
  const evil = '\u001b[31mred\u0007'
  const rows = [{ input: evil, group: evil, reference: evil, expected: evil }, { [evil]: 1 }]
  writeFileSync(join(cwd, 'x.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
  const made = await command(['dataset', 'x', '--file', 'x.jsonl'], { cwd })
  const shown = await command(['dataset', 'x', '--show'], { cwd })
  const listed = await command(['datasets', 'x'], { cwd })
  const all = [made, shown, listed].map(({ out, err }) => out + err).join('')
  expect(all).not.toContain('\u001b')
  expect(all).not.toContain('\u0007')
  expect(shown.out).toContain('red')
})

test('formulas in a CSV file are told of, and escaped on request', async () => {
  const cwd = temporaryDirectory()
  writeFileSync(join(cwd, 'x.jsonl'), '{"input": "=1+1"}\n')
  await command(['dataset', 'x', '--file', 'x.jsonl'], { cwd })
  const plain = await command(['dataset', 'x', '--export', 'plain.csv'], { cwd })
  expect(plain.err).toContain('would run 1 cell as a formula')
  await command(['dataset', 'x', '--export', 'safe.csv', '--escape-formulas'], { cwd })
  expect(readFileSync(join(cwd, 'plain.csv'), 'utf8')).toContain(',=1+1,')
  expect(readFileSync(join(cwd, 'safe.csv'), 'utf8')).toContain(",'=1+1,")
})

describe('what is refused', () => {
  test.each([
    [['--from-runs', '--file', 'a.csv'], 'T2_USAGE'],
    [['--show', '--remove', 'a'], 'T2_USAGE'],
    [['--add'], 'T2_USAGE'],
    [['--since', '7d'], 'T2_USAGE'],
    [['--from-runs', '--seed', '2'], 'T2_USAGE'],
    [['--shares', '50/25/25'], 'T2_USAGE'],
    [['--file', 'a.csv', '--shares', '50/25'], 'T2_DATASET_SHARES'],
    [['--file', 'none.csv'], 'T2_DATASET_FILE'],
    [['--file', 'empty.csv'], 'T2_DATASET_EMPTY'],
    [['--from-runs', '--where', 'spans > 99'], 'T2_NO_CASES'],
    [['--from-runs', '--where', 'nonsense('], 'T2_SQL'],
    [['--from-runs', '--runs', 'ffff'], 'T2_RUN_UNKNOWN'],
    [['--show'], 'T2_DATASET_UNKNOWN'],
    [['--export', 'out.csv'], 'T2_DATASET_UNKNOWN'],
  ] as const)('%j: %s', async (args, code) => {
    const cwd = await directoryWithRuns(['a refund'])
    writeFileSync(join(cwd, 'empty.csv'), '')
    writeFileSync(join(cwd, 'a.csv'), 'input\na\n')
    const { err, out } = await command(['dataset', 't', ...args, '--json'], { cwd })
    expect(JSON.parse(err)).toMatchObject({ error: { code } })
    expect(out).toBe('')
  })

  test('a file that is there is not written over', async () => {
    const cwd = temporaryDirectory()
    writeFileSync(join(cwd, 'a.csv'), 'input\na\n')
    await command(['dataset', 't', '--file', 'a.csv'], { cwd })
    const { code, err } = await command(['dataset', 't', '--export', 'a.csv'], { cwd })
    expect(code).toBe(1)
    expect(err).toContain('T2_EXPORT')
    expect(readFileSync(join(cwd, 'a.csv'), 'utf8')).toBe('input\na\n')
  })
})
