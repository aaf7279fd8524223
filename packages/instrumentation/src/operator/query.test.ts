import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, run } from '../index.ts'
import { collectGarbage } from '../testing/collect.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

const rows = [{ id: 1, title: 'a row of the table' }]

type Run = () => Promise<unknown>
type Ok = (value: unknown) => unknown
type Bad = (error: unknown) => unknown
type Members = Record<string, (...args: never[]) => unknown>

/** Queries as libraries make them; `start` runs one. */
const libraries: Readonly<Record<string, (start: Run) => object>> = {
  'Prisma, which asks no method of itself': (start) => ({
    // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
    then: (ok?: Ok, bad?: Bad) => start().then(ok, bad),
    catch: (bad: Bad) => start().catch(bad),
    finally: (end: () => void) => start().finally(end),
    requestTransaction: () => start(),
  }),
  'mongoose, which runs by exec': (start) => {
    class Query {
      #hasRun = false
      exec() {
        if (this.#hasRun) throw new Error('already executed')
        this.#hasRun = true
        return start()
      }
      // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
      then(ok?: Ok, bad?: Bad) {
        return this.exec().then(ok, bad)
      }
      catch(bad: Bad) {
        return this.exec().then(null, bad)
      }
      finally(end: () => void) {
        return this.exec().finally(end)
      }
      all() {
        return this
      }
    }
    return new Query()
  },
  'Drizzle, which runs by execute': (start) => {
    class Query {
      execute() {
        return start()
      }
      // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
      then(ok?: Ok, bad?: Bad) {
        return this.execute().then(ok, bad)
      }
      catch(bad: Bad) {
        return this.then(undefined, bad)
      }
      finally(end: () => void) {
        return this.then(
          (value) => {
            end()
            return value
          },
          (error) => {
            end()
            throw error
          },
        )
      }
    }
    return new Query()
  },
  'knex, whose other methods ask then': (start) => {
    class Builder {
      // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
      then(ok?: Ok, bad?: Bad) {
        return start().then(ok, bad)
      }
      catch(bad: Bad) {
        return this.then().catch(bad)
      }
      finally(end: () => void) {
        return this.then().finally(end)
      }
    }
    return new Builder()
  },
  'a subclass of promises': (start) => {
    class Lazy extends Promise<unknown> {
      // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
      override then<A = unknown, B = never>(
        ok?: ((value: unknown) => A | PromiseLike<A>) | null,
        bad?: ((error: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        return start().then(ok, bad)
      }
      static override get [Symbol.species]() {
        return Promise
      }
    }
    return new Lazy(() => undefined)
  },
  'a promise with a then of its own': (start) => {
    const promise = start()
    promise.catch(() => undefined)
    return Object.assign(promise, {
      // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
      then: (ok?: Ok, bad?: Bad) => Promise.prototype.then.call(promise, ok, bad),
    })
  },
}

const message = (error: unknown) => `caught ${error instanceof Error ? error.message : ''}`

/** Ways to use a query; each is tried where the query has its method. */
const uses: Readonly<Record<string, (query: Members) => unknown>> = {
  await: async (query) => await query,
  'then with a value': (query) => query.then?.(((value: unknown) => [value]) as never),
  'then with both': (query) =>
    query.then?.(((value: unknown) => [value]) as never, message as never),
  'then with an error': (query) => query.then?.(undefined as never, message as never),
  'then with nothing': (query) => query.then?.(),
  catch: (query) => query.catch?.(message as never),
  finally: (query) => query.finally?.((() => undefined) as never),
  exec: (query) => query.exec?.(),
  execute: (query) => query.execute?.(),
  requestTransaction: (query) => query.requestTransaction?.(),
}

const ownMethods = ['exec', 'execute', 'requestTransaction']

/** Those whose method a query has. */
function usesOf(make: (start: Run) => object) {
  const query = make(async () => rows)
  return Object.entries(uses).filter(([use]) => !ownMethods.includes(use) || use in query)
}

describe('a query as of', () => {
  const cases = Object.entries(libraries).flatMap(([library, make]) =>
    usesOf(make).flatMap(([use, apply]) =>
      [false, true].map((fails) => ({ library, use, fails, make, apply })),
    ),
  )
  test.each(cases)(
    '$library, used by "$use", failing: $fails, acts as without us and is recorded',
    async ({ make, apply, fails }) => {
      let runs = 0
      const start = async () => {
        runs++
        if (fails) throw new Error('no table')
        return rows
      }
      const seen = async (query: () => object) => {
        runs = 0
        let result: unknown
        try {
          result = await apply(query() as Members)
        } catch (error) {
          result = error
        }
        return { result, runs }
      }
      const plain = await seen(() => make(start))
      expect(await seen(bundle('find', () => make(start)))).toEqual(plain)
      const { status, attributes } = spanOf(recorded.spans(), 'find')
      if (fails) expect(status).toEqual({ code: 2, message: 'no table' })
      else expect(attributes['output.value']).toBe(JSON.stringify(rows))
    },
  )

  test.each(Object.entries(libraries))(
    '%s is as it was when its run has ended',
    async (_, make) => {
      class Page {
        readonly query: object
        constructor(query: object) {
          this.query = query
        }
      }
      const start = async () => rows
      const query = make(start)
      const before = Object.getOwnPropertyDescriptors(query)
      const inner = bundle('inner', () => query)
      const outer = bundle('outer', () => inner())
      // In a field of an instance it is handed out; behind a private one nobody sees it.
      const pages = await run('agent', async () => new Page(outer()))()
      expect(recorded.spans().map(({ name }) => name)).toEqual(['agent'])
      expect(await pages.query).toBe(rows)
      expect(Object.getOwnPropertyDescriptors(query)).toEqual(before)
      for (const name of ['inner', 'outer']) {
        expect(spanOf(recorded.spans(), name).attributes['output.value']).toBe(JSON.stringify(rows))
      }
    },
  )

  test('mongoose, that is only added to, is not used by that', async () => {
    const query = libraries['mongoose, which runs by exec']?.(async () => rows) as Members
    const found = bundle('find', () => query)()
    expect(found.all?.()).toBe(query)
    expect(recorded.spans()).toEqual([])
    expect(await found).toBe(rows)
    expect(spanOf(recorded.spans(), 'find').attributes['output.value']).toBe(JSON.stringify(rows))
  })
})

test('a thenable gets the handlers that its caller gives, and no others', () => {
  const given: unknown[][] = []
  const make = () => ({
    // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
    then: (...args: unknown[]) => void given.push(args.map((arg) => typeof arg)),
  })
  const calls: readonly (readonly unknown[])[] = [
    [],
    [() => 1],
    [() => 1, undefined],
    [undefined, () => 1],
    [null, null],
    [() => 1, () => 2, () => 3],
    ['text', 4],
  ]
  for (const args of calls) {
    Reflect.apply(make().then, undefined, args)
    const callback = bundle('callback', make)()
    Reflect.apply(callback.then, callback, args)
  }
  for (let at = 0; at < given.length; at += 2) expect(given[at + 1]).toEqual(given[at])
})

test('a thenable whose caller wants no errors ends when nobody can be told any more', async () => {
  let told: ((value: unknown) => unknown) | undefined
  const make = () => ({
    // biome-ignore lint/suspicious/noThenProperty: it is what such libraries have.
    then: (ok: (value: unknown) => unknown) => {
      told = ok
    },
  })
  bundle('told', make)().then((value) => value)
  expect(told?.('the answer')).toBe('the answer')
  expect(spanOf(recorded.spans(), 'told').attributes['output.value']).toBe('the answer')
  bundle('never', make)().then(() => undefined)
  told = undefined
  for (let round = 0; round < 50 && recorded.spans().length < 2; round++) await collectGarbage()
  expect(spanOf(recorded.spans(), 'never').ended).toBe(true)
})
