import { bundle, parameter, run } from '@trace2/instrumentation'
import { expect, it } from 'vitest'
import { absentParameters } from './absent.ts'
import { OptoPrime, store } from './index.ts'

const word = parameter('absent.word', 'a word')
const say = bundle('absent-say', (text: string, _times: number) => `I say ${text}`)

/** The graph of a call, once it is stored. */
async function graphOf(traceId: string | undefined, maxLinkedSpans?: number) {
  await new OptoPrime([]).propose().catch(() => undefined)
  return store.graph(traceId ?? '', {
    followLinks: true,
    ...(maxLinkedSpans === undefined ? {} : { maxLinkedSpans }),
  })
}

it('says of a parameter that calls were left out which may have used it', async () => {
  let output = say.node(word, 0)
  for (let at = 1; at < 30; at++) output = say.node(output, at)
  const whole = await graphOf(output.traceId)
  expect(absentParameters([whole], ['absent.word'])).toEqual([])
  const cut = await graphOf(output.traceId, 9)
  expect(cut.repairs).toMatchObject([{ kind: 'unfollowed-link' }])
  expect(absentParameters([cut], ['absent.word'])).toMatchObject([
    {
      name: 'absent.word',
      runs: 1,
      reachedIn: 0,
      reason: 'cut-off',
      detail: expect.stringMatching(/\b10 latest calls/),
    },
  ])
  expect(absentParameters([cut, whole], ['absent.word'])).toEqual([])
})

it('names the plain values between calls outside a run, and none inside one', async () => {
  const outside = await graphOf(say.node('plain', 3).traceId)
  expect(absentParameters([outside], ['absent.word'])).toMatchObject([
    {
      reason: 'absent',
      detail: expect.stringMatching(/\(absent-say\(_times\), absent-say\(text\)\)/),
    },
  ])
  const inside = await graphOf(run('absent-run', (text: string) => say(text, 3)).node('x').traceId)
  const [missed] = absentParameters([inside], ['absent.word'])
  expect(missed).toMatchObject({ reason: 'absent' })
  expect(missed?.detail).not.toContain('run()')
})

it('says of a parameter that the graph was too large to be read in full', async () => {
  const { traceId } = run('absent-large', (text: string) => say(text, 3)).node('x')
  await graphOf(traceId)
  const beginning = await store.graph(traceId ?? '', { maxSpans: 1 })
  expect(absentParameters([beginning], ['absent.word'])).toMatchObject([
    { reason: 'cut-off', detail: expect.stringContaining('too large to be read in full') },
  ])
})
