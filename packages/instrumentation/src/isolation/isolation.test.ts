import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { bundle, type Parameter } from '../index.ts'
import { recordSpans, spanOf } from '../testing/record.ts'
import { Engine } from './engine.ts'
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
    expect(code.description).toContain('function agentFunction(input)')
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
    [
      'an endless chain of promises',
      '(n) => { const go = () => Promise.resolve().then(go); return go() }',
    ],
    ['a regular expression without end', '(n) => /(a+)+$/.test("a".repeat(64) + "!")'],
    ['a memory bomb', '(n) => { const all = []; for (;;) all.push(new Array(10000).fill(n)) }'],
    ['endless recursion', '(n) => { const go = () => go() + 1; return go() }'],
    ['a promise that never settles', '(n) => new Promise(() => {})'],
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
    ['process', '() => typeof process'],
    ['require', '() => typeof require'],
    ['fetch', '() => typeof fetch'],
    ['timers', '() => typeof setTimeout'],
    [
      'import',
      "() => { try { return typeof import('node:fs') === 'object' ? 'undefined' : '' } catch { return 'undefined' } }",
    ],
    [
      'the host through a constructor',
      "() => { try { return typeof [].constructor.constructor('return process')() } catch { return 'undefined' } }",
    ],
    [
      'the arguments of the host',
      "function () { try { return typeof arguments.callee.caller } catch { return 'undefined' } }",
    ],
  ])('reaches no %s', (name, source) => {
    const curious = bundle(`reach ${name}`.replaceAll(' ', '-'), () => '', { trainable: true })
    codeOf(curious).update(source)
    expect(curious()).toBe('undefined')
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

test('an engine that broke is replaced', async () => {
  const { default: variant } = await import('@jitl/quickjs-singlefile-mjs-release-sync')
  const broken = await newQuickJSWASMModuleFromVariant(variant)
  broken.newContext = () => {
    class RuntimeError extends Error {}
    throw new RuntimeError('unreachable')
  }
  const engines = [broken, await newQuickJSWASMModuleFromVariant(variant)]
  const engine = new Engine(async () => engines.shift() ?? broken)
  await engine.start()
  const stopped = expect.objectContaining({ code: 'T2_CODE_LIMIT' })
  expect(() => engine.evaluate('() => 1', '[]', {})).toThrow(stopped)
  expect(() => engine.evaluate('() => 1', '[]', {})).toThrow(stopped)
  await Promise.resolve()
  await vi.waitFor(() => expect(engine.evaluate('() => 1', '[]', {}).json).toBe('1'))
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
  codeOf(fakes).update('() => { JSON.stringify = () => "1}{"; Promise = null; return { a: 1 } }')
  expect(fakes()).toEqual({ a: 1 })
  expect(Reflect.has({}, 'polluted')).toBe(false)
})
