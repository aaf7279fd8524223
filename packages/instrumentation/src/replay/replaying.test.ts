import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  bundle,
  configureContent,
  node,
  now,
  type OperatorOptions,
  parameter,
  random,
  run,
  uuid,
} from '../index.ts'
import { recordSpans, spanOf } from '../testing/record.ts'
import { type RecordedRun, type ReplayPolicies, recordedRunIn, replaying } from './index.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

let executed: string[] = []
beforeEach(() => {
  executed = []
})

type Fn = (...args: never[]) => unknown

/** A bundle that notes when its function really runs. */
function step<F extends Fn>(name: string, fn: F, options: OperatorOptions = {}) {
  const noting = new Proxy(fn, {
    apply(target, self, args) {
      executed.push(name)
      return Reflect.apply(target, self, args)
    },
  })
  // A proxy does not show the names of the arguments.
  const [, written = ''] = /\(([^)]*)\)/.exec(String(fn)) ?? []
  const inputs = written.split(',').flatMap((argument) => argument.trim() || [])
  return bundle(name, noting, { inputs, ...options })
}

/** Runs an agent, and gives what a store keeps of it. */
async function record(agent: () => unknown): Promise<{ output: unknown; run: RecordedRun }> {
  recorded.reset()
  const output = await agent()
  const kept: RecordedRun = JSON.parse(JSON.stringify(recordedRunIn(recorded.spans())))
  recorded.reset()
  executed = []
  return { output, run: kept }
}

async function listed(items: AsyncIterable<unknown> | Iterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = []
  for await (const item of items) list.push(item)
  return list
}

const deep = { text: 'é "quoted" \n', list: [1, -1.5, 1e21, null, true], ['__proto__']: { a: 1 } }

/** Each form of a result: what the agent makes of it has to be the same when it is answered. */
const forms: [name: string, operator: (n: number) => unknown, use: (result: unknown) => unknown][] =
  [
    ['a value', () => deep, (value) => value],
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
    const { result, report } = await replaying(kept, {}, () => agent())
    expect(result).toEqual(output)
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
    const spans = recorded.spans()
    const { attributes } = spanOf(spans, 'use')
    expect(attributes['trace2.replay']).toBe('served')
    expect(String(attributes['trace2.inputs'])).toMatch(/^found=span:.*!identity$/)
    expect(spans.map(({ name }) => name)).toEqual(['find', 'use', 'find', 'agent'])
  })

  test.each<[string, () => unknown, ReplayPolicies]>([
    ['a date', () => ({ at: new Date(0) }), {}],
    ['a map', () => new Map([['a', 1]]), {}],
    ['a member that is undefined', () => ({ a: undefined }), {}],
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
})

describe('calls are told apart', () => {
  test('by their inputs, whatever the order in which they are made', async () => {
    const find = step('find', async (query: string) => `found ${query}`)
    const both = (...queries: string[]) => run('agent', async () => Promise.all(queries.map(find)))
    const { run: kept } = await record(() => both('first', 'second')())
    const { result, report } = await replaying(kept, {}, () => both('second', 'first')())
    expect(result).toEqual(['found second', 'found first'])
    expect(report).toMatchObject({ executed: {}, unused: {} })
  })

  test('in their recorded order where they are asked the same, retries among them', async () => {
    let calls = 0
    const roll = step('roll', async () => {
      calls++
      if (calls === 2) throw new Error('try again')
      return calls
    })
    const agent = run('agent', async () => {
      const seen: unknown[] = []
      for (let count = 0; count < 4; count++) {
        try {
          seen.push(await roll())
        } catch (error) {
          seen.push(String(error))
        }
      }
      return seen
    })
    const { output, run: kept } = await record(() => agent())
    expect(output).toEqual([1, 'Error: try again', 3, 4])
    const { result } = await replaying(kept, {}, () => agent())
    expect(result).toEqual(output)
    expect(executed).toEqual([])
  })

  test('with more of them than are recorded, the rest is new; with fewer, some are unused', async () => {
    const find = step('find', (query: string) => query.length)
    const times = run('agent', async (count: number) => {
      for (let done = 0; done < count; done++) find('the same')
    })
    const { run: kept } = await record(() => times(2))
    const more = await replaying(kept, {}, () => times(3))
    expect(more.report).toMatchObject({
      served: { find: 2 },
      executed: { find: 1 },
      fresh: { find: 1 },
    })
    const fewer = await replaying(kept, {}, () => times(1))
    expect(fewer.report).toMatchObject({ served: { find: 1 }, executed: {}, unused: { find: 1 } })
  })

  test('by what an instance with hidden state is not told by: such a call is made again', async () => {
    class Ledger {
      #sum = 0
      add(n: number) {
        this.#sum += n
        return this.#sum
      }
    }
    const total = step('total', (ledger: Ledger) => ledger.add(0))
    const agent = run('agent', async (n: number) => {
      const ledger = new Ledger()
      ledger.add(n)
      return total(ledger)
    })
    const { run: kept } = await record(() => agent(1))
    const { result, report } = await replaying(kept, {}, () => agent(2))
    expect(result).toBe(2)
    expect(report.reasons.total).toContain('its input ledger cannot be compared')
  })

  test('but not by inputs that are volatile, as the operator or the policy says', async () => {
    const options = { step: 'tool', volatile: ['id'] } as const
    const send = step('send', (text: string, id: string) => `sent ${text} ${id.length}`, options)
    const note = step('note', (text: string, _at: number) => text, { step: 'tool' })
    let count = 0
    const agent = run('agent', async () => {
      count++
      return [send('a text', `request ${count}`), note('a note', count)]
    })
    const { output, run: kept } = await record(() => agent())
    const { result } = await replaying(kept, { note: { volatile: ['_at'] } }, () => agent())
    expect(result).toEqual(output)
    expect(executed).toEqual([])
  })

  test('by the source of the function, its own and that of the steps inside', async () => {
    const make = (factor: number) => {
      const twice = new Function('n', `return n * ${factor}`) as (n: number) => number
      const inner = step('inner', twice, { inputs: ['n'] })
      const outer = step('outer', async (n: number) => inner(n))
      const plain = step('plain', (n: number) => n)
      return run('agent', async () => [await outer(3), plain(3)])
    }
    // A proxy has no source of its own to be read.
    const inner = (factor: number) =>
      bundle('inner', new Function('n', `return n * ${factor}`) as (n: number) => number, {
        inputs: ['n'],
      })
    expect(make).toBeTypeOf('function')
    const [before, after] = [inner(2), inner(3)]
    const { run: kept } = await record(() => run('agent', async () => before(3))())
    const same = await replaying(kept, {}, () => run('agent', async () => before(3))())
    expect(same.report.served).toEqual({ inner: 1 })
    const { result, report } = await replaying(kept, {}, () => run('agent', async () => after(3))())
    expect(result).toBe(9)
    expect(report).toMatchObject({ executed: { inner: 1 }, fresh: {}, unused: {} })
    expect(report.reasons.inner).toBe('its source has changed')
  })
})

describe('effects', () => {
  test('leave no trace in a replay, whatever the agent does about it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trace2-test-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    let files = 0
    const send = bundle(
      'send',
      async (text: string) => {
        writeFileSync(join(directory, `mail-${files++}`), text)
        return { sent: text }
      },
      { sideEffects: true },
    )
    const count = step('count', (text: string) => text.length)
    const agent = run('agent', async (text: string) => {
      try {
        await send(text)
      } catch {
        // The agent goes on as if nothing were wrong.
      }
      try {
        await send('hello')
      } catch {}
      setTimeout(() => void send('later').catch(() => undefined), 5)
      return count(text)
    })
    const { run: kept } = await record(() => agent('hello'))
    await new Promise((done) => setTimeout(done, 30))
    expect(readdirSync(directory)).toHaveLength(3)
    const { error, result, report } = await replaying(kept, {}, () => agent('another'))
    await new Promise((done) => setTimeout(done, 30))
    expect(readdirSync(directory)).toHaveLength(3)
    expect(result).toBeUndefined()
    expect(error).toMatchObject({ code: 'T2_REPLAY_DIVERGED' })
    expect(report.ended).toMatchObject({
      kind: 'diverged',
      op: 'send',
      inputs: { text: 'another' },
      nearest: {
        inputs: { text: 'hello' },
        difference: { pointer: '/text', recorded: '"hello"', now: '"another"' },
      },
    })
    expect(report.executed).toEqual({})
  })

  test('are refused deep in a recursion, and where nobody records', async () => {
    const send = step('send', () => 'sent', { step: 'tool' })
    const deepen = bundle('deepen', (levels: number): unknown =>
      levels === 0 ? send() : deepen(levels - 1),
    )
    const agent = run('agent', async () => deepen(200))
    const { error } = await replaying({ run: 'none', root: null, calls: [] }, {}, () => agent())
    expect(error).toMatchObject({ code: 'T2_REPLAY_DIVERGED' })
    expect(executed).toEqual([])
  })

  test('are not done by a run that is nothing but one', async () => {
    const send = step('send', (text: string) => `sent ${text}`, { sideEffects: true })
    const { run: kept } = await record(() => send('a'))
    expect((await replaying(kept, {}, () => send('a'))).result).toBe('sent a')
    expect((await replaying(kept, {}, () => send('b'))).error).toBeDefined()
    expect(executed).toEqual([])
  })

  test('are none where a tool says so', async () => {
    const find = step('find', (text: string) => text.length, { step: 'tool', sideEffects: false })
    const agent = run('agent', async (text: string) => find(text))
    const { run: kept } = await record(() => agent('a'))
    expect(kept.calls.map(({ hasEffects }) => hasEffects)).toEqual([false, false])
    expect((await replaying(kept, {}, () => agent('abc'))).result).toBe(3)
  })

  test.each<[string, ReplayPolicies, unknown, string[]]>([
    ['live has it run again', { find: 'live' }, 'found x', ['find']],
    ['recorded never has it run', { find: 'recorded' }, 'found x', []],
    ['a stub answers', { find: { stub: { a: 'stub' } } }, { a: 'stub' }, []],
    ['live does not make effects', { send: 'live' }, 'found x', []],
  ])('and other calls have a policy: %s', async (_name, policies, expected, ran) => {
    const find = step('find', async (text: string) => `found ${text}`)
    const send = step('send', async (text: string) => text, { sideEffects: true })
    const agent = run('agent', async (text: string) => {
      await send('a')
      return find(text)
    })
    const { run: kept } = await record(() => agent('x'))
    const { result } = await replaying(kept, policies, () => agent('x'))
    expect(result).toEqual(expected)
    expect(executed).toEqual(ran)
    const missed = await replaying(kept, { find: 'recorded' }, () => agent('y'))
    expect(missed.report.ended).toMatchObject({ kind: 'diverged', op: 'find' })
  })
})

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
    expect(node(1).value).toBe(1)
  })
})

test('replays at the same time do not mix, and neither does a run beside them', async () => {
  const find = step('find', async (text: string) => {
    await new Promise((done) => setTimeout(done, 2))
    return `found ${text} ${executed.length}`
  })
  const agent = run('agent', async (text: string) => `${await find(text)} ${await find('more')}`)
  const kept = [await record(() => agent('a')), await record(() => agent('b'))]
  const [first, second, live] = await Promise.all([
    replaying(kept[0]?.run ?? { run: '', root: null, calls: [] }, {}, () => agent('a')),
    replaying(kept[1]?.run ?? { run: '', root: null, calls: [] }, {}, () => agent('b')),
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
