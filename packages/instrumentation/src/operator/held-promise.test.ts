import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, run } from '../index.ts'
import { collectGarbage } from '../testing/collect.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

const reference = Symbol('reference')
const nextTurn = () => new Promise((done) => setImmediate(done))

/** Promises with members of their own, as clients of HTTP and runners of processes give them. */
const kinds: readonly (readonly [string, (source: Promise<unknown>) => Promise<unknown>])[] = [
  ['a method', (source) => Object.assign(source.then(), { cancel: () => 'cancelled' })],
  ['a symbol', (source) => Object.assign(source.then(), { [reference]: 'task 1' })],
  [
    'a method that waits for it',
    (source) => {
      const promise = source.then()
      return Object.assign(promise, { json: async () => ({ text: await promise }) })
    },
  ],
  [
    'an error that is handled beforehand',
    (source) => {
      const promise = source.then()
      promise.catch(() => undefined)
      return Object.assign(promise, { cancel: () => undefined })
    },
  ],
]

/** What a caller may do with a promise; each gives what comes of it. */
const uses: Readonly<Record<string, (promise: Promise<unknown>) => unknown>> = {
  nothing: () => 'left alone',
  await: async (promise) => await promise,
  'await twice': async (promise) => [await promise, await promise],
  'ask then': (promise) => promise.then((value) => [value]),
  'then and forget': (promise) => void promise.then(() => undefined),
  catch: (promise) => promise.catch((error: Error) => error.message),
  finally: (promise) => promise.finally(() => undefined),
  all: (promise) => Promise.all([promise]),
  race: (promise) => Promise.race([promise]),
  'resolve with it': (promise) => new Promise((done) => done(promise)),
  'return it': (promise) => (async () => promise)(),
  'handle it late': async (promise) => {
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    return promise.catch(() => 'late')
  },
  'its own method': (promise) =>
    'json' in promise && typeof promise.json === 'function' ? promise.json() : promise,
}

const outcomes: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['that is resolved', () => Promise.resolve('done')],
  ['that is rejected', () => Promise.reject(new Error('lost the line'))],
  ['that is resolved later', () => nextTurn().then(() => 'done')],
  ['that is rejected later', () => nextTurn().then(() => Promise.reject(new Error('gone')))],
]

/** What comes of a use, with the rejections that the process reports. */
async function seen(make: () => Promise<unknown>, use: (promise: Promise<unknown>) => unknown) {
  const others = process.listeners('unhandledRejection')
  const reported: string[] = []
  const note = (reason: unknown) => reported.push(`unhandled ${String(reason)}`)
  const noteLate = () => reported.push('handled')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', note)
  process.on('rejectionHandled', noteLate)
  let result: unknown
  try {
    result = await use(make())
  } catch (error) {
    result = String(error)
  }
  for (let turn = 0; turn < 4; turn++) await nextTurn()
  process.off('unhandledRejection', note)
  process.off('rejectionHandled', noteLate)
  for (const other of others) process.on('unhandledRejection', other)
  return { result, reported }
}

describe('a promise with', () => {
  const cases = kinds.flatMap(([kind, hold]) =>
    outcomes.flatMap(([outcome, source]) =>
      Object.entries(uses).map(([name, use]) => ({
        name,
        kind,
        outcome,
        use,
        make: () => hold(source()),
      })),
    ),
  )
  test.each(cases)('$kind, $outcome, used by "$name", is as without us', async ({ make, use }) => {
    const plain = await seen(make, use)
    expect(await seen(bundle('task', make), use)).toEqual(plain)
    expect(await seen(bundle('outer', bundle('inner', make)), use)).toEqual(plain)
    expect(
      await seen(
        run('agent', () => bundle('task', make)()),
        use,
      ),
    ).toEqual(plain)
  })

  test.each(kinds)('%s is the very same object, and as it was once it is used', async (_, hold) => {
    const promise = hold(Promise.resolve('done'))
    const keys = Reflect.ownKeys(promise)
    const task = bundle('task', () => promise)
    const given = bundle('outer', () => task())()
    expect(given).toBe(promise)
    expect(given).toBeInstanceOf(Promise)
    expect(Reflect.ownKeys(given)).toEqual(keys)
    expect(await given).toBe('done')
    expect(Object.getPrototypeOf(given)).toBe(Promise.prototype)
    for (const name of ['task', 'outer']) {
      expect(spanOf(recorded.spans(), name).attributes['output.value']).toBe('done')
    }
  })

  test('a method takes no more turns than without us', async () => {
    const turns = async (make: () => Promise<unknown>) => {
      let count = 0
      let isDone = false
      const used = make().then(() => {
        isDone = true
      })
      while (!isDone) {
        count++
        await undefined
      }
      await used
      return count
    }
    const make = () => Object.assign(Promise.resolve('done'), { cancel: () => undefined })
    expect(await turns(bundle('task', make))).toBe(await turns(make))
  })

  test('a method that nobody uses ends with the run, and one that is used fails its span', async () => {
    const make = (error: string) =>
      Object.assign(Promise.reject(new Error(error)), { cancel: () => undefined })
    const { reported } = await seen(
      run('agent', async () => {
        bundle('left', () => make('left alone'))()
        await bundle('used', () => make('used'))()
      }),
      (promise) => promise,
    )
    expect(reported).toEqual(['unhandled Error: left alone'])
    expect(spanOf(recorded.spans(), 'left').ended).toBe(true)
    expect(spanOf(recorded.spans(), 'used').status).toEqual({ code: 2, message: 'used' })
  })

  test('a method that is frozen is handed on', async () => {
    const promise = Object.freeze(Object.assign(Promise.resolve('done'), { cancel: () => 1 }))
    expect(bundle('task', () => promise)()).toBe(promise)
    expect(spanOf(recorded.spans(), 'task').ended).toBe(true)
  })

  test('a method ends its span when it is dropped outside any run', async () => {
    ;(() => void bundle('dropped', () => Object.assign(Promise.resolve(), { cancel: 1 }))())()
    for (let round = 0; round < 50 && recorded.spans().length === 0; round++) await collectGarbage()
    expect(spanOf(recorded.spans(), 'dropped').ended).toBe(true)
  })
})
