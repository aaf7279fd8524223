import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'
import { recordedRequest } from '../testing/sample-agent.ts'

async function database() {
  const cwd = temporaryDirectory()
  const { body } = await recordedRequest(['a refund', 'another refund', 'something else'], 'json')
  writeFileSync(join(cwd, 'runs.jsonl'), body)
  await command(['import', 'runs.jsonl'], { cwd })
  const guide = (content: unknown) => {
    writeFileSync(
      join(cwd, 'guide.json'),
      typeof content === 'string' ? content : JSON.stringify(content),
    )
  }
  return { cwd, guide, trace2: (...args: string[]) => command(args, { cwd }) }
}

test('a guide gives feedback on every run once', async () => {
  const { guide, trace2 } = await database()
  guide({ kind: 'contains', text: 'technical', name: 'queue' })
  const first = await trace2('judge', 'guide.json')
  expect(first).toMatchObject({
    code: 0,
    out: 'queue: 3 judgements on 3 runs, mean 0.6667, no model call\n',
  })
  const again = await trace2('judge', 'guide.json')
  expect(again.out).toBe('queue: 0 judgements on 3 runs, 3 judged before, no model call\n')
  const runs = JSON.parse((await trace2('runs', '--where', 'score = 0', '--json')).out)
  // Two have the agent's own bad feedback as well; the third failed and has this one alone.
  expect(runs).toHaveLength(1)
})

test('what a guide cannot judge is told; all of it is a failure', async () => {
  const { guide, trace2 } = await database()
  guide({ kind: 'exact' })
  const { code, err } = await trace2('judge', 'guide.json', '--where', 'NOT failed')
  expect(code).toBe(1)
  expect(err).toContain('T2_REFERENCE_MISSING')
  expect(err).toContain('error T2_NOTHING_JUDGED')
})

test('a guide that is none is refused with the reason', async () => {
  const { guide, trace2 } = await database()
  guide({ kind: 'telepathy' })
  expect((await trace2('judge', 'guide.json')).err).toContain('error T2_GUIDE_INVALID')
  guide('{')
  expect((await trace2('judge', 'guide.json')).err).toContain('error T2_FILE')
  expect((await trace2('judge', 'missing.json')).err).toContain('error T2_FILE')
})
