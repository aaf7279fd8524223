import { join } from 'node:path'
import { displayWidth } from '@trace2/render'
import { openStore } from '@trace2/store'
import { expect, test } from 'vitest'
import { command, temporaryDirectory } from '../testing/command.ts'

const judges = ['sharp', 'blind', 'reversed', 'rare'] as const

/** Runs rated by two people and by judges of every kind. */
async function workplace() {
  const cwd = temporaryDirectory()
  const store = await openStore(join(cwd, 'trace2.duckdb'))
  for (let at = 0; at < 48; at++) {
    const traceId = (at + 1).toString(16).padStart(32, '0')
    const isGood = at % 3 !== 0
    // The same for good and bad runs.
    const aside = (Math.floor(at / 3) % 4) / 4
    const scores = {
      sharp: (isGood ? 0.6 : 0.3) + 0.3 * aside,
      blind: aside,
      reversed: (isGood ? 0.1 : 0.5) + 0.3 * aside,
      rare: aside,
    }
    const give = (source: 'human' | 'model', identifier: string, score: number) =>
      store.addFeedback({
        traceId,
        spanId: null,
        name: 'quality',
        source,
        identifier,
        score,
        scale: [0, 1],
      })
    await give('human', 'anna', isGood ? 1 : 0)
    await give('human', 'ben\u001b[2J', isGood !== (at % 12 === 5) ? 1 : 0)
    for (const judge of judges) {
      if (judge !== 'rare' || at < 6) await give('model', judge, scores[judge])
    }
    await store.addFeedback({ traceId, spanId: null, name: 'note', comment: 'Words alone.' })
  }
  await store.close()
  return (...args: string[]) => command(args, { cwd, env: { COLUMNS: '80' } })
}

test('agreement says who rates, how far they agree, and what each judge is worth', async () => {
  const trace2 = await workplace()
  const { code, out, err } = await trace2('feedback', '--agreement')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('★ quality: 48 runs and calls, 48 rated by several')
  expect(out).toMatch(
    /People: agreement unclear until more is rated by several \(alpha 0\.\d\d, 0\.\d\d to/,
  )
  expect(out).toMatch(/^RATER +RATINGS +LABELS +AUC +95 % +ERROR +SHARE$/m)
  expect(out).toMatch(/^human anna +48 .* \d+ %$/m)
  expect(out).toMatch(
    /^model sharp +48 +48 +0\.9\d +0\.\d\d to 0\.\d\d +0\.\d\d → 0\.\d\d +\d+ %$/m,
  )
  const words = out.replace(/\s+/g, ' ')
  expect(words).toMatch(/model sharp tells good from bad .* \(logistic regression\)\./)
  expect(words).toMatch(
    /model blind is useless so far: by 48 labels of people it cannot tell good from bad \(AUC 0\.\d\d, 0\.3\d to 0\.\d\d\)\. About \d+ more labels would tell\./,
  )
  expect(words).toContain('model reversed is upside down')
  expect(words).toContain('model rare cannot be measured by 6 labels of people')
  expect(out).not.toContain('\u001b')
  expect(out.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([])
})

test('agreement of one name as JSON has the figures, and one score for each run', async () => {
  const trace2 = await workplace()
  const { out } = await trace2('feedback', '--agreement', 'quality', '--json')
  const [quality] = JSON.parse(out)
  expect(quality).toMatchObject({ name: 'quality', people: { level: 'interval', units: 48 } })
  expect(quality.combined).toHaveLength(48)
  const states = quality.raters.map(
    (rater: { quality: { state: string } | null }) => rater.quality?.state,
  )
  expect(states).toEqual([
    undefined,
    undefined,
    'useful',
    'useless',
    'upside down',
    'too few labels',
  ])

  const unknown = await trace2('feedback', '--agreement', 'none')
  expect(unknown.code).toBe(1)
  expect(unknown.err).toContain('T2_FEEDBACK_NAME')
})
