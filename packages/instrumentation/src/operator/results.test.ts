import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, run } from '../index.ts'
import { collectGarbage } from '../testing/collect.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

let executed = 0
const rows = [{ id: 1, title: 'a row of the table' }]

type Ok<A> = ((value: object) => A | PromiseLike<A>) | null
type Bad<B> = ((error: unknown) => B | PromiseLike<B>) | null

/** Runs when `then` is called, as the builders of knex and Drizzle do. */
class Query {
  readonly #table: string
  conditions: string[] = []
  constructor(table: string) {
    this.#table = table
  }
  where(condition: string) {
    this.conditions.push(condition)
    return this
  }
  // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
  then<A = object, B = never>(ok?: Ok<A>, bad?: Bad<B>): Promise<A | B> {
    executed++
    const result: Promise<object> =
      this.#table === 'broken' ? Promise.reject(new Error('no table')) : Promise.resolve(rows)
    return result.then(ok, bad)
  }
}

/** As Prisma: an object with a `then` of its own, that may be run by a transaction without it. */
function prismaLike() {
  const start = async () => {
    executed++
    return rows
  }
  let started: Promise<object> | undefined
  return {
    // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
    then: <A = object, B = never>(ok?: Ok<A>, bad?: Bad<B>): Promise<A | B> => {
      started ??= start()
      return started.then(ok, bad)
    },
    requestTransaction: () => start(),
    [Symbol.toStringTag]: 'PrismaPromise',
  }
}

/** As the promise of a client library: a subclass whose `then` begins the work. */
class LazyPromise extends Promise<object> {
  // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
  override then<A = object, B = never>(ok?: Ok<A>, bad?: Bad<B>): Promise<A | B> {
    executed++
    return super.then(ok, bad)
  }
  static override get [Symbol.species]() {
    return Promise
  }
}

const kinds: readonly (readonly [string, () => PromiseLike<object>])[] = [
  ['a query', () => new Query('tickets').where('open')],
  ['an object with its own then', prismaLike],
  ['a lazy promise', () => new LazyPromise((done) => done(rows))],
]

describe('a result that acts when it is awaited', () => {
  const ways: readonly (readonly [string, (make: () => PromiseLike<object>) => () => unknown])[] = [
    ['a bundle', (make) => bundle('save', make)],
    ['a bundle in a run', (make) => run('agent', () => bundle('save', make)())],
    ['a run in a run', (make) => run('outer', () => run('agent', make)())],
    ['a node', (make) => bundle('save', make).node],
  ]
  const cases = kinds.flatMap(([name, make]) =>
    ways.flatMap(([way, wrap]) => [0, 1, 2].map((times) => ({ name, way, times, make, wrap }))),
  )
  test.each(cases)(
    '$name, of $way, awaited $times times, acts as often as without',
    async ({ make, wrap, times }) => {
      const actsIn = async (call: () => unknown) => {
        executed = 0
        const result = call()
        await new Promise((done) => setTimeout(done, 1))
        for (let count = 0; count < times; count++) await result
        return executed
      }
      const plain = await actsIn(make)
      expect(await actsIn(wrap(make))).toBe(plain)
    },
  )

  test('is the very same object, with its methods, and as it was once it is used', async () => {
    const query = new Query('tickets')
    const result = bundle('build', () => query)()
    expect(result).toBe(query)
    expect(Object.keys(result)).toEqual(['conditions'])
    expect(await result.where('open').where('mine')).toBe(rows)
    expect(query.conditions).toEqual(['open', 'mine'])
    expect(Object.getOwnPropertyNames(query)).toEqual(['conditions'])
  })

  test('is recorded with what it gave, or with its error', async () => {
    await run('agent', async () => {
      const found = await bundle('find', () => new Query('tickets'))()
      bundle('use', (input: unknown) => input)(found)
    })()
    expect(spanOf(recorded.spans(), 'find').attributes['output.value']).toBe(JSON.stringify(rows))
    expect(edgesOf(recorded.spans(), 'use')).toEqual(['input=find!identity'])
    const broken = bundle('broken', () => new Query('broken'))
    await expect(async () => broken()).rejects.toThrow('no table')
    expect(spanOf(recorded.spans(), 'broken').status).toEqual({ code: 2, message: 'no table' })
  })

  test("runs the handlers of its caller in the caller's own place", async () => {
    const inner = bundle('inner', () => 'from a handler')
    await run('agent', async () => {
      await bundle('find', () => new Query('tickets'))().then(() => inner())
    })()
    const [agent, found] = ['agent', 'inner'].map((name) => spanOf(recorded.spans(), name))
    expect(found?.parentSpanContext?.spanId).toBe(agent?.spanContext().spanId)
  })

  test('ends with the run where nobody awaits it', async () => {
    await run('agent', async () => {
      const one = bundle('prepare', prismaLike)()
      await one.requestTransaction()
    })()
    expect(spanOf(recorded.spans(), 'prepare').ended).toBe(true)
    const [prepared, agent] = ['prepare', 'agent'].map((op) => spanOf(recorded.spans(), op))
    expect(prepared?.parentSpanContext?.spanId).toBe(agent?.spanContext().spanId)
  })

  test('stays open past the run where the run hands it out', async () => {
    const { query } = await run('agent', async () => ({
      query: bundle('prepare', () => new Query('tickets'))(),
    }))()
    expect(recorded.spans().map(({ name }) => name)).toEqual(['agent'])
    await query
    expect(spanOf(recorded.spans(), 'prepare').attributes['output.value']).toBe(
      JSON.stringify(rows),
    )
  })

  test('ends when it is collected, outside any run', async () => {
    ;(() => void bundle('dropped', () => new Query('tickets'))())()
    const isOpen = () => recorded.spans().length === 0
    for (let round = 0; round < 50 && isOpen(); round++) await collectGarbage()
    expect(spanOf(recorded.spans(), 'dropped').ended).toBe(true)
  })
})

describe('a promise', () => {
  test('with methods of its own keeps them', async () => {
    let cancelled = false
    const result = bundle('task', () =>
      Object.assign(Promise.resolve('done'), {
        cancel: () => {
          cancelled = true
        },
      }),
    )()
    result.cancel()
    expect(cancelled).toBe(true)
    expect(await result).toBe('done')
    expect(spanOf(recorded.spans(), 'task').attributes['output.value']).toBe('done')
  })
})

describe('a cursor', () => {
  class Cursor {
    #left = ['first', 'second']
    async toArray() {
      return this.#left.splice(0)
    }
    async *[Symbol.asyncIterator]() {
      yield* this.#left.splice(0)
    }
  }

  test('that is used up in another way ends with the run', async () => {
    const find = bundle('find', () => new Cursor())
    const found = await run('agent', async () => find().toArray())()
    expect(found).toEqual(['first', 'second'])
    expect(spanOf(recorded.spans(), 'find').attributes['output.value']).toBe('"[Cursor]"')
  })

  test('is itself, private members and all, and as it was once it is read', async () => {
    const cursor = new Cursor()
    const found = bundle('find', () => cursor)()
    expect(found).toBe(cursor)
    const items: string[] = []
    for await (const item of found) items.push(item)
    expect(items).toEqual(['first', 'second'])
    expect(Reflect.ownKeys(cursor)).toEqual([])
    expect(spanOf(recorded.spans(), 'find').attributes['output.value']).toBe('firstsecond')
  })

  test('that cannot be watched is handed on untouched', async () => {
    const make = () =>
      Object.freeze({
        meta: () => 'v1',
        async *[Symbol.asyncIterator]() {
          yield 'a'
        },
      })
    const stream = bundle('frozen', make)()
    expect(stream.meta()).toBe('v1')
    const items: string[] = []
    for await (const item of stream) items.push(item)
    expect(items).toEqual(['a'])
    expect(spanOf(recorded.spans(), 'frozen').ended).toBe(true)
  })

  test('that is both a promise and a stream is recorded by what is used first', async () => {
    class Both extends Query {
      async *[Symbol.asyncIterator]() {
        yield 'streamed'
      }
    }
    const both = bundle('both', () => new Both('tickets'))
    const items: unknown[] = []
    for await (const item of both()) items.push(item)
    expect(items).toEqual(['streamed'])
    executed = 0
    expect(await both()).toBe(rows)
    expect(executed).toBe(1)
  })
})

describe('a stream of much', () => {
  test('keeps what is recorded of it, not its items', async () => {
    const many = bundle('many', function* () {
      for (let at = 0; at < 100_000; at++) yield { at, text: `item ${at}` }
    })
    let count = 0
    for (const item of many()) count += item.at >= 0 ? 1 : 0
    expect(count).toBe(100_000)
    const output = String(spanOf(recorded.spans(), 'many').attributes['output.value'])
    expect(output.length).toBeLessThan(66_000)
    expect(JSON.parse(output).at(-1)).toMatch(/^… \d+ more$/)
  })
})

describe('work that goes on after its run', () => {
  test('still knows whose results it is given', async () => {
    const quick = bundle('quick', async (question: string) => `a quick answer to ${question}`)
    const log = bundle('log', async (text: string) => `logged ${text}`)
    let late: Promise<unknown> | undefined
    const agent = run('agent', async (question: string) => {
      const answer = await quick(question)
      late = new Promise((done) => setTimeout(() => done(log(answer)), 5))
      return answer
    })
    await agent('the question')
    await late
    expect(edgesOf(recorded.spans(), 'log')).toEqual(['text=quick!value'])
  })
})
