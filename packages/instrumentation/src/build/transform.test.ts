import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import type { AuthoredFunction } from '../authored/authored.ts'
import { transformModule } from './transform.ts'

const options = { modules: new Set(['@trace2/instrumentation']), uses: true }
const head = "import { bundle, run } from '@trace2/instrumentation'\n"

interface Call {
  readonly args: readonly unknown[]
  readonly authored: AuthoredFunction | undefined
}

/** Transforms a module, runs it, and gives what its calls of `bundle` and `run` got. */
async function calls(text: string, settings = options): Promise<readonly Call[]> {
  const transformed = transformModule(text, 'src/agent.ts', settings)?.code ?? text
  const { code } = await transform(transformed, { loader: 'tsx', format: 'cjs' })
  const seen: unknown[][] = []
  const record = (...args: unknown[]) => {
    seen.push(args)
    return () => undefined
  }
  new Function('require', 'module', code)(() => ({ bundle: record, run: record, other: 7 }), {})
  return seen.map((args) => {
    const last: unknown = args.at(-1)
    const hidden =
      typeof last === 'object' && last !== null
        ? Reflect.get(last, Symbol.for('trace2.authored'))
        : undefined
    return { args, authored: hidden }
  })
}

describe('what the author wrote goes along with', () => {
  test.each([
    ['a function', 'bundle(function greet(name: string) { return name })', 1],
    ['a name and a function', "bundle('greet', (name: string) => name)", 2],
    ['a trailing comma', "bundle('greet', (name: string) => name, /* , */)", 2],
    ['a function in brackets', "bundle('greet', ((name: string) => name))", 2],
    ['options', "bundle('greet', (name: string) => name, { step: 'tool' })", 2],
    ['no options', "bundle('greet', (name: string) => name, {})", 2],
    [
      'options with a type',
      "bundle('greet', (name: string) => name, { step: 'tool' } as never)",
      2,
    ],
    [
      'options by name',
      "const shared = { step: 'tool' }; bundle('greet', (name: string) => name, shared)",
      2,
    ],
    ['a name by name', "const given = 'greet'; bundle(given, (name: string) => name)", 2],
    ['a run', "run('greet', (name: string) => name)", 2],
    ['a run without a name', 'run(function greet(name: string) { return name })', 1],
    ['a run with options alone', "run((name: string) => name, { session: () => 'a' })", 1],
    [
      'a function that is declared',
      'function greet(name: string) { return name }\nbundle(greet)',
      1,
    ],
    [
      'a function that is declared below',
      'bundle(greet)\nfunction greet(name: string) { return name }',
      1,
    ],
  ])('%s', async (_what, text, others) => {
    const [{ args, authored } = { args: [], authored: undefined }] = await calls(head + text)
    expect(args).toHaveLength(others + 1)
    expect(authored).toMatchObject({
      arguments: [{ name: 'name', form: 'plain' }],
      file: 'src/agent.ts',
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
  })

  test.each([
    ["import * as trace2 from '@trace2/instrumentation'", 'trace2.bundle(function f(a) {})'],
    ["import { bundle as step } from '@trace2/instrumentation'", 'step(function f(a) {})'],
    ["const { bundle } = require('@trace2/instrumentation')", 'bundle(function f(a) {})'],
    ["const trace2 = require('@trace2/instrumentation')", 'trace2.bundle(function f(a) {})'],
  ])('%s', async (start, call) => {
    expect((await calls(`${start}\n${call}`))[0]?.authored?.name).toBe('f')
  })

  test('a module of the program that hands on `bundle`, where it is named', async () => {
    const text = "import { bundle } from './tracing.ts'\nbundle(function f(a) {})"
    expect((await calls(text))[0]?.authored).toBeUndefined()
    const modules = new Set(['./tracing.ts'])
    expect((await calls(text, { ...options, modules }))[0]?.authored?.name).toBe('f')
  })
})

test.each([
  ['const bundle = (f) => f\nbundle(function f(a) {})'],
  [`${head}bundle(...[(a) => a])`],
  [`${head}import { f } from './f.ts'\nbundle(f)`],
  [`${head}const options = {}\nbundle(make(), options)`],
  [`${head}bundle(`],
])('%s is left alone', (text) => {
  expect(transformModule(text, 'a.ts', options)).toBeUndefined()
})

describe('what a trainable function uses', () => {
  const uses = async (text: string, settings = options) => {
    const [call] = await calls(head + text, settings)
    return Object.keys(call?.authored?.uses ?? {})
  }

  test.each([
    [
      'of its module',
      'const limit = 3; bundle("f", (a) => a + limit, { trainable: true })',
      ['limit'],
    ],
    [
      'of what is imported',
      "import { other } from './o.ts'; bundle('f', (a) => a + other, { trainable: true })",
      ['other'],
    ],
    [
      'of the function around it',
      'function make(p) { const q = 1; return bundle("f", (a) => p + q, { trainable: true }) } make(1)',
      ['p', 'q'],
    ],
    [
      'of the object around it',
      'class A { f = bundle("f", (a) => a + this.g, { trainable: true }) } new A()',
      ['this'],
    ],
    [
      'of nothing that is only a type',
      "import type { T } from './o.ts'; interface U {} bundle('f', (a: T): U => a as U, { trainable: true })",
      [],
    ],
    ['of nothing of the runtime', 'bundle("f", (a) => new URL(a), { trainable: true })', []],
    [
      'of nothing that is its own',
      'bundle(function f(a) { const b = 1; return f(b) }, { trainable: true })',
      [],
    ],
    [
      'of nothing that means another thing at the call',
      'const x = 1; function f(a) { return a + x }\n{ const x = 2; bundle(f, { trainable: true }) }',
      [],
    ],
    [
      'where it cannot be told whether it is trainable',
      'const limit = 3; const o = {}; bundle("f", (a) => a + limit, o)',
      ['limit'],
    ],
    ['of nothing where it is not trainable', 'const limit = 3; bundle("f", (a) => a + limit)', []],
    [
      'of nothing where it is left out',
      'const limit = 3; bundle("f", (a) => a + limit, { trainable: true, uses: false })',
      [],
    ],
  ])('%s', async (_what, text, expected) => expect(await uses(text)).toEqual(expected))

  test('is left out for all where the plugin is told so', async () => {
    const text = 'const limit = 3; bundle("f", (a) => a + limit, { trainable: true })'
    expect(await uses(text, { ...options, uses: false })).toEqual([])
  })

  test('is read when it is needed: it may be declared later, and change', async () => {
    const text =
      'bundle("f", (a) => a + limit, { trainable: true }); let limit = 3; limit++; bundle("g", () => 1)'
    const [call] = await calls(head + text)
    expect(call?.authored?.uses?.limit).toBe(4)
  })
})

test('the source goes along only where the function may be trainable', async () => {
  const [plain, trainable] = await calls(
    `${head}bundle('a', (x: string) => x); bundle('b', (x: string) => x, { trainable: true })`,
  )
  expect(plain?.authored?.source).toBeUndefined()
  expect(trainable?.authored?.source).toBe('(x: string) => x')
})

test('a source map leads from the changed module back', () => {
  const map = transformModule(`${head}bundle((a) => a)`, 'src/agent.ts', options)?.map
  expect(map?.sources).toEqual(['src/agent.ts'])
  expect(map?.mappings).not.toBe('')
})
