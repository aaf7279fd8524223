import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, now, parameter, random, run, uuid } from '../index.ts'
import { enableIsolation } from '../isolation/index.ts'
import { recordSpans } from '../testing/record.ts'
import { executed, record as recordRun, step } from '../testing/replays.ts'
import { type RecordedRun, replaying } from './index.ts'

const spans = recordSpans()
beforeEach(() => spans.reset())
afterAll(() => spans.stop())
const record = (agent: () => unknown) => recordRun(spans, agent)

describe('what depends on a change', () => {
  test('runs, with the steps around it, and nothing else', async () => {
    const tone = parameter('replaying.tone', 'polite')
    const read = step('read', (text: string) => ({ words: text.split(' ') }))
    const write = step('write', (words: readonly string[]) => `${tone.value} ${words.length}`)
    const check = step('check', (text: string) => text.length > 3)
    const part = step('part', async (words: readonly string[]) => check(write(words)))
    const last = step('last', (isLong: boolean) => isLong)
    const agent = run('agent', async (text: string) => last(await part(read(text).words)))
    const { run: kept } = await record(() => agent('a b c'))
    tone.update('rude')
    const { report } = await replaying(kept, {}, () => agent('a b c'))
    // Whether the text is long has not changed: what comes after it is answered again.
    expect(executed).toEqual(['part', 'write', 'check'])
    expect(report).toMatchObject({ served: { read: 1, last: 1 }, fresh: { check: 1 } })
    expect(report.reasons).toMatchObject({
      write: 'the parameter replaying.tone, which write uses, has changed',
      part: 'the parameter replaying.tone, which write uses, has changed',
    })
  })

  test('is a call that was passed a parameter, which is the same call with another version', async () => {
    const system = parameter('replaying.system', 'Be kind.')
    const ask = step('ask', (text: string, prompt: string) => `${prompt} ${text}`)
    const agent = run('agent', async () => ask('Well?', system as never))
    const { run: kept } = await record(() => agent())
    system.update('Be brief.')
    const { result, report } = await replaying(kept, {}, () => agent())
    expect(result).toBe('Be brief. Well?')
    expect(report).toMatchObject({ executed: { ask: 1 }, fresh: {}, unused: {} })
  })

  test('is what uses a result of which it was passed a handle', async () => {
    const tone = parameter('replaying.handle', 'polite')
    const first = step('first', () => ({ text: `${tone.value} words` }))
    const second = step('second', (text: string) => text.length)
    const agent = run('agent', async () => second(first.node().at('text') as never))
    const { run: kept } = await record(() => agent())
    expect((await replaying(kept, {}, () => agent())).result).toBe(12)
    expect(executed).toEqual([])
    tone.update('rude')
    expect((await replaying(kept, {}, () => agent())).result).toBe(10)
  })
})

test('changed code runs, and is answered where it is as it was', async () => {
  await enableIsolation()
  const rank = bundle('replaying.rank', (text: string) => text.length, { trainable: true })
  const show = step('show', (rank: number) => `rank ${rank}`)
  const agent = run('agent', async (text: string) => show(rank(text)))
  const [code] = rank.parameters()
  const { output, run: kept } = await record(() => agent('abc'))
  const same = await replaying(kept, {}, () => agent('abc'))
  expect(same).toMatchObject({
    result: output,
    report: { served: { 'replaying.rank': 1, show: 1 } },
  })
  code?.update('(text) => text.length + 1')
  const changed = await replaying(kept, {}, () => agent('abc'))
  expect(changed.result).toBe('rank 4')
  expect(changed.report).toMatchObject({ executed: { 'replaying.rank': 1, show: 1 }, ended: null })
  code?.update('(text) => text.split("").length')
  const equal = await replaying(kept, {}, () => agent('abc'))
  expect(equal.report).toMatchObject({ executed: { 'replaying.rank': 1 }, served: { show: 1 } })
})

const nothing: RecordedRun = { run: '', root: null, calls: [] }

test('replays at the same time do not mix, and neither does a run beside them', async () => {
  const find = step('find', async (text: string) => {
    await new Promise((done) => setTimeout(done, 2))
    return `found ${text} ${executed.length}`
  })
  const agent = run('agent', async (text: string) => `${await find(text)} ${await find('more')}`)
  const kept = [await record(() => agent('a')), await record(() => agent('b'))]
  const [first, second, live] = await Promise.all([
    replaying(kept[0]?.run ?? nothing, {}, () => agent('a')),
    replaying(kept[1]?.run ?? nothing, {}, () => agent('b')),
    agent('c'),
  ])
  expect(first.result).toBe(kept[0]?.output)
  expect(second.result).toBe(kept[1]?.output)
  expect(live).toMatch(/^found c/)
  expect(executed).toEqual(['find', 'find'])
})

test('time and randomness are as they were', async () => {
  const agent = run('agent', async () => [now(), random(), random(), uuid(), uuid()])
  const { output, run: kept } = await record(() => agent())
  const { result, report } = await replaying(kept, {}, () => agent())
  expect(result).toEqual(output)
  expect(report.served).toEqual({ 'trace2.now': 1, 'trace2.random': 2, 'trace2.uuid': 2 })
  const [time, ...rest] = output as [number, ...unknown[]]
  expect(Math.abs(Date.now() - time)).toBeLessThan(60_000)
  expect(new Set(rest).size).toBe(4)
})

test('an agent that throws has its error as the result of the replay', async () => {
  const fail = step('fail', async () => {
    throw new RangeError('no')
  })
  const agent = run('agent', async () => fail())
  const { run: kept } = await record(() => agent().catch(() => undefined))
  const { error, report } = await replaying(kept, {}, () => agent())
  expect(error).toBeInstanceOf(RangeError)
  expect(report.ended).toBeNull()
  expect(executed).toEqual([])
})
