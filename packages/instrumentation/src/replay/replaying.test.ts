import { afterEach, beforeEach, expect, test } from 'vitest'
import { bundle, parameter, run } from '../index.ts'
import { recordSpans } from '../testing/record.ts'
import { storedSpan } from '../testing/stored-span.ts'
import { recordedRunOf, replaying } from './index.ts'

let recorded: ReturnType<typeof recordSpans>
beforeEach(() => {
  recorded = recordSpans()
})
afterEach(() => recorded.stop())

async function record(agent: () => unknown) {
  recorded.reset()
  let outcome: unknown
  try {
    outcome = await agent()
  } catch (error) {
    outcome = error
  }
  const spans = recorded.spans()
  const root = spans.find(({ parentSpanContext }) => !parentSpanContext)
  const run = recordedRunOf('run', spans.map(storedSpan), root?.spanContext().spanId ?? '')
  return { outcome, run: JSON.parse(JSON.stringify(run)), spans }
}

test('quick', async () => {
  const prompt = parameter('replaying.prompt', 'one')
  let executed: string[] = []
  const classify = bundle('classify', async (text: string, system: string) => {
    executed.push('classify')
    return { text, system }
  })
  const length = bundle('length', (text: string) => {
    executed.push('length')
    return text.length
  })
  const inner = bundle('inner', (text: string) => {
    executed.push('inner')
    return prompt.value + text
  })
  const outer = bundle('outer', async (text: string) => {
    executed.push('outer')
    return inner(text).length + length(text)
  })
  const send = bundle(
    'send',
    async (to: string) => {
      executed.push('send')
      return { sent: to }
    },
    { sideEffects: true },
  )
  const stream = bundle('stream', async function* (text: string) {
    executed.push('stream')
    yield text
    yield 'more'
  })
  const fail = bundle('fail', (x: number) => {
    executed.push('fail')
    throw new TypeError(`no ${x}`)
  })
  const agent = run('agent', async (text: string) => {
    const kind = await classify(text, prompt)
    const pieces: string[] = []
    for await (const piece of stream('ab')) pieces.push(piece)
    let error: unknown
    try {
      fail(3)
    } catch (caught) {
      error = caught
    }
    return {
      kind,
      n: length(text),
      outer: await outer(text),
      sent: await send('me'),
      pieces,
      error: String(error),
      is: error instanceof TypeError,
    }
  })
  const { run: recordedRun, outcome } = await record(() => agent('a text'))
  expect(executed).toEqual([
    'classify',
    'stream',
    'fail',
    'length',
    'outer',
    'inner',
    'length',
    'send',
  ])
  executed = []
  const { result, report, error } = await replaying(recordedRun, {}, () => agent('a text'))
  expect(error).toBeUndefined()
  expect(executed).toEqual([])
  expect(result).toEqual(outcome)
  expect(report.served).toEqual({ classify: 1, fail: 1, length: 1, outer: 1, send: 1, stream: 1 })
  expect(report.unused).toEqual({})
  prompt.update('other')
  const second = await replaying(recordedRun, {}, () => agent('a text'))
  expect(executed).toEqual(['classify', 'outer', 'inner'])
  expect(second.report).toMatchObject({
    executed: { classify: 1, inner: 1, outer: 1 },
    fresh: {},
    unused: {},
  })
  executed = []
  const third = await replaying(recordedRun, {}, () => agent('another text'))
  console.log(third)
  const fourth = await replaying(recordedRun, {}, async () => {
    await agent('a text')
    return send('you')
  })
  console.log(fourth, fourth.report.ended)
  expect(executed).not.toContain('send')
})
