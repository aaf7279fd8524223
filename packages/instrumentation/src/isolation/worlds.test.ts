import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { emptyContract } from '@trace2/source'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { isolatedFunction } from '../../../sandbox/src/function.ts'
import { ThreadPool } from '../../../sandbox/src/host/pool.ts'
import { withDefaults } from '../../../sandbox/src/limits.ts'
import { bundle, parameter } from '../index.ts'
import { recordSpans, spanOf } from '../testing/record.ts'
import { enableIsolation, type IsolationLimits } from './index.ts'

const pool = new ThreadPool()
const recorded = recordSpans()
beforeAll(async () => {
  await pool.start()
  await enableIsolation()
})
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

function compiled(source: string, limits: IsolationLimits = {}): (...args: unknown[]) => unknown {
  const open = pool.open.bind(pool)
  return isolatedFunction(open, source, emptyContract, withDefaults(limits))
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

describe('worlds', () => {
  test('are gone after each of thousands of calls', async () => {
    const add = compiled('(a, b) => ({ sum: a.value + b, echo: a })')
    const later = compiled('async (a) => { await null; return a + 1 }')
    for (let index = 0; index < 2_000; index++)
      expect(add({ value: index }, 1)).toMatchObject({ sum: index + 1 })
    for (let index = 0; index < 300; index++) expect(await later(index)).toBe(index + 1)
    await vi.waitFor(() => expect(pool.worlds).toBe(0), 60_000)
    expect(pool.size).toBeLessThanOrEqual(pool.mostThreads)
  })

  test('know nothing of one another', () => {
    const count = compiled(
      '() => { const all = Function("return this")(); all.count = (all.count ?? 0) + 1; Array.prototype.extra = 1; return all.count }',
    )
    expect([count(), count(), count()]).toEqual([1, 1, 1])
    const dirty = compiled(
      '() => { const all = []; for (let i = 0; i < 200; i++) all.push(new Uint8Array(20000).fill(255)); return all.length }',
    )
    const clean = compiled(
      '() => { let sum = 0; for (let i = 0; i < 200; i++) sum += new Uint8Array(20000).reduce((a, b) => a + b); return sum }',
    )
    expect(dirty()).toBe(200)
    expect(clean()).toBe(0)
  })

  test('live as long as a generator is used, and no longer', async () => {
    const natural = compiled('function* (from) { for (let n = from; ; n++) yield n }')
    const taken: number[] = []
    for (const each of natural(5) as Iterable<number>) if (taken.push(each) === 3) break
    expect(taken).toEqual([5, 6, 7])
    await vi.waitFor(() => expect(pool.worlds).toBe(0), 60_000)

    let abandoned = natural(1) as Iterator<number> | undefined
    expect(abandoned?.next().value).toBe(1)
    expect(pool.worlds).toBe(1)
    abandoned = undefined
    await vi.waitFor(() => {
      collectGarbage()
      expect(pool.worlds).toBe(0)
    }, 60_000)
  })

  test('live as long as a function that was returned', () => {
    const counter = compiled('() => { let n = 0; return { next: () => ++n } }')
    const { next } = counter() as { next: () => number }
    expect([next(), next(), next()]).toEqual([1, 2, 3])
  })
})

describe('a thread', () => {
  test.each([
    [
      'a slow built-in function',
      '() => { const a = []; a.length = 2 ** 32 - 1; return a.indexOf(1) }',
    ],
    ['an endless loop', '() => { for (;;); }'],
  ])('that runs %s is ended or stopped, and its neighbours go on', async (_name, source) => {
    const slow = compiled(`async ${source}`, { timeMs: 100 })
    const patient = compiled('async (wait) => (await wait) + " waited"', { timeMs: 10_000 })
    let answer: (text: string) => void = () => undefined
    const waiting = patient(
      new Promise<string>((resolve) => {
        answer = resolve
      }),
    )
    await expect(slow()).rejects.toMatchObject({ code: 'T2_CODE_LIMIT' })
    const add = compiled('(a, b) => a + b')
    expect(add(1, 2)).toBe(3)
    answer('long')
    await expect(waiting).resolves.toBe('long waited')
  })

  test('is shared by more calls than there may be threads', async () => {
    const echo = compiled('async (promise) => await promise')
    const all = Array.from({ length: 20 }, (_, index) => echo(Promise.resolve(index)))
    expect(await Promise.all(all)).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(pool.size).toBeLessThanOrEqual(pool.mostThreads)
  })
})

describe('what code uses', () => {
  const tone = parameter('worlds.tone', 'warm')

  test('is recorded: helpers as operators, parameters as uses, and what it writes', async () => {
    const lookUp = async (name: string): Promise<string> => `policy of ${name}`
    const outer = bundle(
      'worlds.outer',
      async (name: string) => {
        console.warn('asked for', name)
        return `${tone.value}: ${await lookUp(name)}`
      },
      { trainable: true, uses: { lookUp, tone } },
    )
    const [code] = outer.parameters()
    code?.update(`${code.value} `)
    expect(await outer('refunds')).toBe('warm: policy of refunds')
    const inner = spanOf(recorded.spans(), 'lookUp')
    const span = spanOf(recorded.spans(), 'worlds.outer')
    expect(inner.parentSpanContext?.spanId).toBe(span.spanContext().spanId)
    expect(span.attributes['trace2.param.value.worlds.tone']).toBe('"warm"')
    expect(span.events).toContainEqual(
      expect.objectContaining({
        name: 'console',
        attributes: { level: 'warn', message: 'asked for refunds' },
      }),
    )
  })

  test('is limited in number', () => {
    const helper = bundle('worlds.helper', (n: number) => n)
    const many = bundle(
      'worlds.many',
      (count: number) => {
        let sum = 0
        for (let index = 0; index < count; index++) sum += helper(1)
        return sum
      },
      { trainable: true, uses: { helper } },
    )
    const [code] = many.parameters()
    code?.update(`${code.value} `)
    expect(many(1_000)).toBe(1_000)
    expect(() => many(1_001)).toThrow(expect.objectContaining({ code: 'T2_CODE_LIMIT' }))
  })

  test('may write more lines than it may call the program; later ones are dropped', () => {
    const chatty = bundle(
      'worlds.chatty',
      (count: number) => {
        for (let index = 0; index < count; index++) console.debug(index)
        return count
      },
      { trainable: true },
    )
    const [code] = chatty.parameters()
    code?.update(`${code.value} `)
    expect(chatty(1_001)).toBe(1_001)
    expect(spanOf(recorded.spans(), 'worlds.chatty').events).toHaveLength(100)
  })
})
