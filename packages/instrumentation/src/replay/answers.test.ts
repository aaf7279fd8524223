import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { configureContent, run } from '../index.ts'
import { recordSpans, spanOf } from '../testing/record.ts'
import { executed, listed, record as recordRun, step } from '../testing/replays.ts'
import { type ReplayPolicies, replaying } from './index.ts'

const spans = recordSpans()
beforeEach(() => spans.reset())
afterAll(() => spans.stop())
const record = (agent: () => unknown) => recordRun(spans, agent)

const deep = { text: 'é "quoted" \n', list: [1, -1.5, 1e21, null, true], ['__proto__']: { a: 1 } }

/** Each form of a result: what the agent makes of it has to be the same when it is answered. */
const forms: [name: string, operator: (n: number) => unknown, use: (result: unknown) => unknown][] =
  [
    ['a value', () => deep, (value) => value],
    [
      'members that are undefined',
      () => ({ 'a/b': undefined, list: [undefined, { c: undefined, e: 2 }], d: 1, f: undefined }),
      (value) => [Object.keys(value as object), value],
    ],
    [
      'items that have such members',
      async function* () {
        yield { a: undefined, b: 1 }
      },
      async (value) =>
        (await listed(value as AsyncIterable<unknown>)).map((item) => [
          item,
          Object.keys(Object(item)),
        ]),
    ],
    ['nothing', () => undefined, (value) => [value === undefined]],
    ['null', () => null, (value) => value],
    ['a promise', async () => deep, async (value) => [value instanceof Promise, await value]],
    [
      'a generator',
      function* () {
        yield 'a'
        yield 'bc'
        yield ''
      },
      (value) => listed(value as Iterable<unknown>),
    ],
    [
      'an async generator',
      async function* () {
        yield deep
        yield [deep]
      },
      (value) => listed(value as AsyncIterable<unknown>),
    ],
    [
      'a stream of text, in its pieces',
      async function* () {
        yield 'Hel'
        yield '😀'.slice(0, 1)
        yield `${'😀'.slice(1)}lo`
      },
      (value) => listed(value as AsyncIterable<unknown>),
    ],
    [
      'a stream that is empty',
      async function* () {},
      (value) => listed(value as AsyncIterable<unknown>),
    ],
    [
      'a promise of a stream',
      async () =>
        (async function* () {
          yield 'x'
        })(),
      async (value) => listed((await value) as AsyncIterable<unknown>),
    ],
    [
      'an object that is iterated',
      () => ({
        async *[Symbol.asyncIterator]() {
          yield { n: 1 }
        },
      }),
      (value) => listed(value as AsyncIterable<unknown>),
    ],
    [
      'a stream that is left',
      async function* () {
        yield 1
        yield 2
        yield 3
      },
      async (value) => {
        for await (const item of value as AsyncIterable<unknown>) if (item === 2) return item
        return undefined
      },
    ],
    [
      'something to be awaited',
      // biome-ignore lint/suspicious/noThenProperty: as queries of many libraries are.
      () => ({ then: (done: (value: unknown) => void) => done({ rows: [1] }) }),
      (value) => value,
    ],
    [
      'an error',
      () => {
        throw Object.assign(new TypeError('no such ticket'), { code: 'E_TICKET', status: 404 })
      },
      (value) => value,
    ],
    [
      'an error of a class of its own',
      async () => {
        class RateLimit extends Error {}
        throw new RateLimit('slow down')
      },
      (value) => value,
    ],
    [
      'something else that is thrown',
      () => {
        throw 'a text'
      },
      (value) => value,
    ],
    [
      'a stream that breaks',
      async function* () {
        yield 'one'
        throw new RangeError('broken')
      },
      async (value) => {
        const items: unknown[] = []
        try {
          for await (const item of value as AsyncIterable<unknown>) items.push(item)
        } catch (error) {
          return [items, String(error), error instanceof RangeError]
        }
        return items
      },
    ],
  ]

describe('an answer', () => {
  test.each(forms)('is %s again', async (_name, fn, use) => {
    const operator = step('operator', fn)
    const agent = run('agent', async () => {
      try {
        return { used: await use(operator(1)) }
      } catch (error) {
        const { code, status } = Object(error) as { code?: unknown; status?: unknown }
        return { thrown: String(error), is: error instanceof TypeError, code, status }
      }
    })
    const { output, run: kept } = await record(() => agent())
    expect(JSON.stringify(output)).not.toContain('ReferenceError')
    const { result, report } = await replaying(kept, {}, () => agent())
    expect(result).toStrictEqual(output)
    expect(JSON.stringify(result)).toBe(JSON.stringify(output))
    expect(executed).toEqual([])
    expect(report).toMatchObject({ served: { operator: 1 }, unused: {}, ended: null })
  })

  test('is a copy of its own, with a span, and its origin is known', async () => {
    const find = step('find', () => ({ title: 'a title of some length' }))
    const use = step('use', (found: { title: string }) => found.title)
    const agent = run('agent', async () => {
      const first = find()
      use(first)
      first.title = 'changed'
      return find.node()
    })
    const { run: kept } = await record(() => agent())
    const { result } = await replaying(kept, {}, () => agent())
    expect(executed).toEqual([])
    expect(result?.value).toEqual({ title: 'a title of some length' })
    const made = spans.spans()
    const { attributes } = spanOf(made, 'use')
    expect(attributes['trace2.replay']).toBe('served')
    expect(String(attributes['trace2.inputs'])).toMatch(/^found=span:.*!identity$/)
    expect(made.map(({ name }) => name)).toEqual(['find', 'use', 'find', 'agent'])
  })

  test.each<[string, () => unknown, ReplayPolicies]>([
    ['a date', () => ({ at: new Date(0) }), {}],
    ['a map', () => new Map([['a', 1]]), {}],
    ['a hole in a list', () => Object.assign([], { 2: 3 }), {}],
    ['no number', () => [Number.NaN], {}],
    ['a zero with a sign', () => ({ zero: -0 }), {}],
    ['a member under a symbol', () => ({ [Symbol('kind')]: 1 }), {}],
    ['what a regular expression found', () => /b/.exec('abc'), {}],
    ['bytes', () => Buffer.from('abc'), {}],
    [
      'an instance',
      () =>
        new (class Ticket {
          id = 1
        })(),
      {},
    ],
    ['half a character', () => ({ text: '😀'.slice(0, 1) }), {}],
    ['a text that is cut', () => 'x'.repeat(70_000), {}],
  ])('that JSON cannot carry is made again: %s', async (_name, fn) => {
    const agent = (operator: () => unknown) =>
      run('agent', async () => {
        operator()
        return 'done'
      })
    const pure = agent(step('operator', fn))
    const first = await record(() => pure())
    const { report } = await replaying(first.run, {}, () => pure())
    expect(executed).toEqual(['operator'])
    expect(report.executed).toEqual({ operator: 1 })
    expect(report.fresh).toEqual({})
    expect(report.reasons.operator).toMatch(/its output (has values|was cut)/)
    const tool = agent(step('operator', fn, { step: 'tool' }))
    const second = await record(() => tool())
    const refused = await replaying(second.run, {}, () => tool())
    expect(executed).toEqual([])
    expect(refused.error).toMatchObject({ code: 'T2_REPLAY_INCOMPLETE' })
    expect(refused.report.ended).toMatchObject({ kind: 'not replayable', op: 'operator' })
  })

  test.each([
    ['masked', { mask: (value: unknown) => `hidden ${typeof value}` }],
    ['withheld', { captureContent: false }],
  ])('that was %s is made again', async (_how, content) => {
    onTestFinished(() => configureContent({ mask: undefined, captureContent: true }))
    configureContent(content)
    const operator = step('operator', (text: string) => `secret of ${text}`)
    const agent = run('agent', async (text: string) => operator(text))
    const { run: kept } = await record(() => agent('bob'))
    expect(JSON.stringify(kept)).not.toContain('secret')
    const { result } = await replaying(kept, {}, () => agent('bob'))
    expect(executed).toEqual(['operator'])
    expect(result).toBe('secret of bob')
  })

  test('that was an error with words that were masked is made again', async () => {
    onTestFinished(() => configureContent({ mask: undefined }))
    configureContent({ mask: () => 'hidden' })
    const operator = step('operator', () => {
      throw new Error('a secret')
    })
    const agent = run('agent', async () => {
      try {
        operator()
      } catch (error) {
        return String(error)
      }
      return 'nothing'
    })
    const { run: kept } = await record(() => agent())
    const { result } = await replaying(kept, {}, () => agent())
    expect(result).toBe('Error: a secret')
    expect(executed).toEqual(['operator'])
  })
})
