import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@trace2/store'
import { expect, test } from 'vitest'
import { command, type Finished, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

/** A database with two runs of the sample agent, each with stars, thumbs and a name that steers terminals. */
async function workplace() {
  const cwd = temporaryDirectory()
  const trace2 = (...args: string[]): Promise<Finished> =>
    command(args, { cwd, env: { COLUMNS: '80' } })
  const { traceIds, body } = await recordedRequest(['a refund', 'another refund'], 'protobuf')
  writeFileSync(join(cwd, 'runs.binpb'), body)
  await trace2('import', 'runs.binpb')
  const store = await openStore(join(cwd, 'trace2.duckdb'))
  for (const [at, traceId] of traceIds.entries()) {
    const on = { traceId, spanId: null }
    await store.addFeedback({ ...on, name: 'stars', score: 2 + at })
    await store.addFeedback({ ...on, name: 'latency_ms', score: 100 + 50 * at })
    await store.addFeedback({ ...on, name: 'evil\u001b[31m', score: at })
  }
  await store.close()
  return { cwd, trace2, traceIds }
}

test('versions are compared per name, in 80 columns, as JSON and as CSV', async () => {
  const { trace2 } = await workplace()
  const shown = await trace2('compare', 'triage.system')
  expect(shown).toMatchObject({ code: 0, err: '' })
  expect(shown.out.split('\n').every((line) => line.length <= 80)).toBe(true)
  expect(shown.out).toContain('★ accuracy: 0 to 1, higher is better (the objective)')
  expect(shown.out).toContain('★ stars: 1 to 5, higher is better\n')
  expect(shown.out).toContain('★ latency_ms: 100 to 150, lower is better\n')
  expect(shown.out).toMatch(/^@\w{8} {2}in force {5}2 {3}2\.5 {2}1\.\d+ to 4\.\d+$/m)
  expect(shown.out).not.toContain('\u001b')

  const comparison = JSON.parse((await trace2('compare', 'triage.system', '--json')).out)
  expect(comparison).toMatchObject({
    parameter: 'triage.system',
    versions: [{ inForce: true, runs: 2 }],
  })
  const csv = (await trace2('compare', 'triage.system', '--csv', '--objective', 'stars')).out
  const [header, first] = csv.split('\r\n')
  expect(header).toContain('feedback,direction,runs,mean,low,high')
  expect(first).toContain(',stars,higher,2,2.5,')

  expect(await trace2('compare', 'none')).toMatchObject({ code: 1, out: '' })
})

test('names of feedback are listed with what they mean, and declared by a file', async () => {
  const { cwd, trace2, traceIds } = await workplace()
  const names = await trace2('feedback', '--names')
  expect(names).toMatchObject({ code: 0, err: '' })
  expect(names.out.split('\n').every((line) => line.length <= 80)).toBe(true)
  expect(names.out).toMatch(/^★ +accuracy +2 +0 +0 to 1 +higher +1 +learned$/m)
  expect(names.out).toMatch(/^ +stars +2 +2 to 3 +1 to 5 +higher +1 +learned$/m)
  expect(names.out).toMatch(/^ +latency_ms +2 +100 to 150 +100 to 150 +lower +1 +learned$/m)
  expect(names.out).toContain('By its name, less is assumed to be better: latency_ms.')
  expect(names.out).not.toContain('\u001b')

  const file = (content: unknown) => writeFileSync(join(cwd, 'names.json'), JSON.stringify(content))
  file({ trace2: 1, feedback: { stars: { scale: [1, 3], weight: 5 } } })
  const declared = await trace2('feedback', '--declare', 'names.json')
  expect(declared.out).toMatch(/^★ +stars +2 +2 to 3 +1 to 3 +higher +5 +file$/m)
  const runs = JSON.parse((await trace2('runs', '--json')).out)
  expect(runs.map(({ score }: { score: number }) => score)).toEqual([1, 0.5])
  expect(runs[0].scores).toMatchObject({ stars: 1, latency_ms: 0, accuracy: 0 })

  for (const [content, code] of [
    [{ stars: { scale: [1, 3] } }, 'T2_USAGE'],
    [{ trace2: 1, feedback: { stars: { scale: [3, 1] } } }, 'T2_FEEDBACK_DECLARATION'],
    [{ trace2: 1, feedback: { stars: { max: 3 } } }, 'T2_FEEDBACK_DECLARATION'],
  ] as const) {
    file(content)
    const refused = await trace2('feedback', '--declare', 'names.json')
    expect(refused.code).not.toBe(0)
    expect(refused.err).toContain(code)
  }
  expect((await trace2('feedback')).err).toContain('T2_USAGE')
  expect((await trace2('feedback', traceIds[0] ?? '')).out).toContain('latency_ms')
})
