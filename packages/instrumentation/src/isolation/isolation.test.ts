import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, type Parameter } from '../index.ts'
import { recordSpans, spanOf } from '../testing/record.ts'
import { enableIsolation } from './index.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

function codeOf(fn: { parameters(): Parameter<string>[] }): Parameter<string> {
  const [code] = fn.parameters()
  if (!code) throw new Error('no code parameter')
  return code
}

test('changed code without isolation is an error that says what to do', () => {
  const early = bundle('early', (input: string) => input, { trainable: true })
  codeOf(early).update('(input) => input + 1')
  expect(() => early('a')).toThrow(expect.objectContaining({ code: 'T2_CODE_ISOLATION' }))
})

describe('changed code', () => {
  beforeAll(() => enableIsolation({ timeMs: 200, memoryBytes: 16 * 1024 * 1024 }))

  test.each<[string, object]>([
    ['a proxy', new Proxy({ x: 1 }, {})],
    ['a weak map', new WeakMap()],
    ['a set that is weak, by a class of its own', new (class Seen extends WeakSet {})()],
    ['a weak reference', new WeakRef({})],
  ])('is refused %s, which would be something else there', (_name, value) => {
    const read = bundle('read', (input: object) => input.toString(), { trainable: true })
    codeOf(read).update(`${codeOf(read).value} `)
    expect(() => read(value)).toThrow(expect.objectContaining({ code: 'T2_CODE_VALUE' }))
  })

  test('has each of the names that need no declaration', async () => {
    const order = bundle(
      'order',
      async () => {
        const seen: string[] = []
        await new Promise<void>((done) => {
          setTimeout(() => done(), 1)
          queueMicrotask(() => seen.push('microtask'))
          seen.push(new URL('http://localhost/a').pathname, btoa('a'), structuredClone('b'))
        })
        return [...seen, typeof TextEncoder, typeof AbortController, typeof Headers].join()
      },
      { trainable: true },
    )
    const before = await order()
    codeOf(order).update(`${codeOf(order).value} `)
    expect(await order()).toBe(before)
  })

  test('runs in place of the function, and its source is a parameter of the call', () => {
    const agent = bundle(
      function agentFunction(input: string): string {
        /** This can be optimized. */
        return `Process: ${input}`
      },
      { trainable: true },
    )
    const code = codeOf(agent)
    expect(code.name).toBe('agentFunction.code')
    expect(code.description).toContain('function agentFunction(input')
    expect(agent('x')).toBe('Process: x')
    code.update("function agentFunction(input) { return input.toUpperCase() + '!' }")
    expect(agent('x')).toBe('X!')
    const [before, after] = recorded.spans()
    expect(before?.attributes['trace2.inputs']).toHaveLength(1)
    expect(after?.attributes['trace2.param.value.agentFunction.code']).toContain('toUpperCase')
  })

  test('may be async', async () => {
    const later = bundle('later-code', async (n: number) => n, { trainable: true })
    codeOf(later).update('async (n) => { await null; return { double: n * 2 } }')
    await expect(later(4)).resolves.toEqual({ double: 8 })
    codeOf(later).update('async (n) => { throw new RangeError("no " + n) }')
    await expect(later(4)).rejects.toThrow('no 4')
  })

  test.each([
    ['an endless loop', '(n) => { while (true) {} }'],
    ['a regular expression without end', '(n) => /(a+)+$/.test("a".repeat(64) + "!")'],
    ['a memory bomb', '(n) => { const all = []; for (;;) all.push(new Array(10000).fill(n)) }'],
    ['endless recursion', '(n) => { const go = () => go() + 1; return go() }'],
  ])('is stopped: %s', (name, source) => {
    const bad = bundle(`bad ${name}`.replaceAll(' ', '-'), (n: number): unknown => n, {
      trainable: true,
    })
    codeOf(bad).update(source)
    expect(() => bad(1)).toThrow(expect.objectContaining({ code: 'T2_CODE_LIMIT' }))
    const span = spanOf(recorded.spans(), bad.operator)
    expect(span.status.code).toBe(2)
  })

  test.each([
    ['an endless chain', '(n) => { const go = () => Promise.resolve().then(go); return go() }'],
    ['an endless chain of awaits', 'async (n) => { for (;;) await null }'],
    ['one that never settles', '(n) => new Promise(() => {})'],
    ['a timer beyond the limit', '(n) => new Promise((resolve) => setTimeout(resolve, 1e6))'],
  ])('whose promise would never be settled is stopped: %s', async (name, source) => {
    const bad = bundle(
      `late ${name}`.replaceAll(' ', '-'),
      async (n: number): Promise<unknown> => n,
      {
        trainable: true,
      },
    )
    codeOf(bad).update(source)
    await expect(bad(1)).rejects.toMatchObject({ code: 'T2_CODE_LIMIT' })
  })

  test.each(['process', 'require', 'fetch', 'globalThis', 'eval', 'WebAssembly'])(
    'that uses %s is refused, with its name',
    (name) => {
      const curious = bundle(`curious.${name}`, () => '', { trainable: true })
      expect(() => codeOf(curious).update(`() => ${name}`)).toThrow(
        `it uses ${name}, which is not declared`,
      )
    },
  )

  test.each([
    ['process', 'typeof world.process'],
    ['require', 'typeof world.require'],
    ['timers', 'typeof world.setTimeout'],
    [
      'import',
      "(() => { try { return world.eval('import.meta') } catch { return 'undefined' } })()",
    ],
    ['the host through an argument', "typeof say.constructor('return process')"],
    [
      'the host through an error',
      "(() => { try { say('throw') } catch (e) { return typeof e.constructor.constructor('return typeof process')().process } })()",
    ],
    [
      'callers',
      '(function () { try { return typeof arguments.callee.caller } catch { return "undefined" } })()',
    ],
  ])('reaches no %s', (name, expression) => {
    const curious = bundle(
      `reach ${name}`.replaceAll(' ', '-'),
      (say: (text: string) => string): unknown => say('x'),
      {
        trainable: true,
      },
    )
    codeOf(curious).update(
      `(say) => { const world = say.constructor('return this')(); return ${expression} }`,
    )
    const say = (text: string): string => {
      if (text === 'throw') throw new Error('thrown outside')
      return text
    }
    expect(['undefined', 'function']).toContain(curious(say))
    expect(Reflect.has(globalThis, 'polluted')).toBe(false)
  })

  test('that is stopped has a code frame where the engine knows the place', () => {
    const loops = bundle('loops-code', (n: number): unknown => n, { trainable: true })
    // The engine notes where it is when it calls something.
    codeOf(loops).update('(n) => {\n  for (;;) n = Math.abs(n + 1)\n}')
    expect(() => loops(1)).toThrow(expect.objectContaining({ code: 'T2_CODE_LIMIT' }))
    const attributes = spanOf(recorded.spans(), 'loops-code').events[0]?.attributes
    expect(attributes?.['trace2.exception.frame']).toContain('for (;;) n = Math.abs')
  })

  test('may have been written by a build that keeps names', () => {
    const built: (text: string) => string = Function(
      'return ((text) => { const lower = __name((each) => each.toLowerCase(), "lower"); return lower.name + lower(text) })',
    )()
    const kept = bundle('kept-names', built, { trainable: true })
    codeOf(kept).update(`${codeOf(kept).value} `)
    expect(kept('ABC')).toBe('lowerabc')
  })

  test('that throws has a code frame', () => {
    const throws = bundle('throws-code', (n: number): unknown => n, { trainable: true })
    codeOf(throws).update('(n) => {\n  const nothing = null\n  return nothing.name\n}')
    expect(() => throws(1)).toThrow(/of null/)
    const frame = spanOf(recorded.spans(), 'throws-code').events[0]?.attributes?.[
      'trace2.exception.frame'
    ]
    expect(frame).toContain('>    3 |   return nothing.name')
  })

  test.each([
    ['a syntax error', '(n) => {', /not a valid function/],
    ['something else', '42', /not a valid function/],
    ['other arguments', '(m) => m', /must be \(n\), not \(m\)/],
  ])('is refused with %s', (_name, source, message) => {
    const typed = bundle('typed-code', (n: number) => n + 1, { trainable: true })
    expect(() => codeOf(typed).update(source)).toThrow(message)
    expect(typed(1)).toBe(2)
  })
})

test('code that pretends to break it is only code that throws', async () => {
  await enableIsolation()
  const fakes = bundle('fakes', (): unknown => 1, { trainable: true })
  codeOf(fakes).update(
    '() => { const e = new Error("unreachable"); e.name = "RuntimeError"; throw e }',
  )
  expect(() => fakes()).toThrow('unreachable')
  codeOf(fakes).update(
    '() => ({ __proto__: { polluted: true }, constructor: 1, toJSON: undefined })',
  )
  expect(fakes()).toEqual({ constructor: 1 })
  codeOf(fakes).update(
    '() => { JSON.stringify = () => "1}{"; Array.prototype.push = Map.prototype.get = Reflect.ownKeys = null; Object.prototype.toJSON = () => 1; return { a: 1 } }',
  )
  expect(fakes()).toEqual({ a: 1 })
  codeOf(fakes).update('() => JSON.parse(\'[{"__proto__":{"x":1},"b":2}]\')')
  const [copied] = fakes() as object[]
  expect(Object.hasOwn(copied ?? {}, '__proto__')).toBe(false)
  expect(Reflect.get({ ...copied }, 'x')).toBeUndefined()
  expect(copied).toEqual({ b: 2 })
  expect(Reflect.has({}, 'polluted')).toBe(false)
})

test.each([
  [
    'an error',
    '() => { const e = new Error("stopped"); e.code = "T2_CODE_LIMIT"; e.name = "Trace2Error"; throw e }',
  ],
  [
    'an object',
    '() => { throw { code: "T2_CODE_LIMIT", name: "Trace2Error", message: "stopped" } }',
  ],
  [
    'a frozen one',
    '() => { throw Object.freeze(Object.assign(new Error("stopped"), { code: "T2_CODE_LIMIT" })) }',
  ],
  ['a long one', '() => { throw new Error("stopped" + "x".repeat(1e7)) }'],
])('what code throws is no error of ours, and no flood: %s', async (_, source) => {
  await enableIsolation()
  const thrower = bundle('thrower', (): unknown => 1, { trainable: true })
  codeOf(thrower).update(source)
  let thrown: unknown
  try {
    thrower()
  } catch (error) {
    thrown = error
  }
  const { code, name, message } = Object(thrown)
  expect(String(Object(thrown).stack).length).toBeLessThan(200_000)
  expect([code, name === 'Trace2Error', String(message).slice(0, 7)]).toEqual([
    undefined,
    false,
    'stopped',
  ])
  expect(String(message).length).toBeLessThan(200_000)
  // The engine goes on.
  codeOf(thrower).update('() => 2')
  expect(thrower()).toBe(2)
})
