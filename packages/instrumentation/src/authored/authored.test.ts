import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { transform } from 'esbuild'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { bundle } from '../operator/bundle.ts'
import { recordSpans } from '../testing/record.ts'
import { isAsWritten } from './as-written.ts'
import { lookUpFunction } from './look-up.ts'
import { looksMinified } from './minified.ts'
import { operatorName } from './operator-name.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trace2-authored-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Writes a module, and says where in it a text begins. */
async function written(name: string, text: string, at: string) {
  const file = join(folder, name)
  await writeFile(file, text)
  const lines = text.slice(0, text.indexOf(at)).split('\n')
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

describe('the author of a recorded function is found', () => {
  test.each([
    [
      'as the argument of the call',
      'export const greet = bundle(/** Greets. */ (name) => "Dear " + name, {})',
      '(name) => "Dear " + name',
      {
        name: 'greet',
        documentation: 'Greets.',
        source: '/** Greets. */\n(name) => "Dear " + name',
      },
    ],
    [
      'above the call',
      '/** Greets. */\nfunction greet(name) { return "Dear " + name }\nbundle(greet, {})',
      'function greet(name) { return "Dear " + name }',
      {
        name: 'greet',
        source: '/** Greets. */\nfunction greet(name) { return "Dear " + name }',
        line: 2,
      },
    ],
    [
      'with the types that it was written with',
      'const greet = (name: string): string => "Dear " + name\nexport default bundle("greet", greet as Greet)',
      '(name) => "Dear " + name',
      { name: 'greet', source: '(name: string): string => "Dear " + name' },
    ],
    [
      'as a method',
      'class Desk {\n  /** Signs. */\n  private static async sign(name: string) { return name.at(0) }\n}\nbundle("sign", Desk.sign)',
      'async sign(name) { return name.at(0) }',
      {
        name: 'sign',
        documentation: 'Signs.',
        source: '/** Signs. */\nasync sign(name: string) { return name.at(0) }',
      },
    ],
    [
      'in the nearest of several scopes',
      'function f(a) { return a.outer }\nfunction g() { function f(a) { return a.inner }\n bundle(f) }',
      'function f(a) { return a.inner }',
      { source: 'function f(a) { return a.inner }' },
    ],
    [
      'in a call further out',
      'const step = (fn) => bundle(fn)\nstep(function late(a) { return a.b })',
      'function late(a) { return a.b }',
      { name: 'late' },
    ],
  ])('%s', async (_where, text, built, expected) => {
    const inner = await written(`${Math.random()}.ts`, text, 'bundle(')
    const outer = await written(`${Math.random()}.ts`, text, 'step(function')
    expect(lookUpFunction(built, [inner, outer])).toMatchObject(expected)
  })

  test('in TypeScript that a runtime compiled in memory, as Bun does', async () => {
    const source = '(name: string): string => {\n  /** Greets. */\n  return "Dear " + name\n}'
    const frame = await written('in-memory.ts', `export const greet = bundle(${source})`, 'bundle(')
    expect(lookUpFunction('(name) => {\n  return "Dear " + name;\n}', [frame])).toMatchObject({
      name: 'greet',
      documentation: 'Greets.',
      source,
    })
    expect(lookUpFunction('(name) => {\n  return "Dear " - name;\n}', [frame])).toBeUndefined()
    expect(lookUpFunction('(name) => {\n  return name;\n}', [frame])).toBeUndefined()
  })

  test('through any number of functions, each its own, by a map that is inline or beside', async () => {
    const one = fc.record({ word: fc.stringMatching(/^[a-z]{3,8}$/), lines: fc.nat(3) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        async (all, inline) => {
          const text = all
            .map(
              ({ word, lines }, index) =>
                `${'\n'.repeat(lines)}export const f${index} = bundle((text: string): string => { return text.${word}(${index}) })`,
            )
            .join('\n')
          const name = `${Math.random()}`
          const { code, map } = await transform(text, {
            loader: 'ts',
            minify: true,
            sourcemap: inline ? 'inline' : true,
            sourcefile: 'author.ts',
          })
          if (!inline) await writeFile(join(folder, `${name}.js.map`), map)
          for (const index of all.keys()) {
            const call = [...code.matchAll(/bundle\((.*?\))/g)][index]
            if (!call) throw new Error('a call is missing')
            const built = /\w=>\w\.\w+\(\d+\)/.exec(call[0])?.[0] ?? ''
            const frame = await written(`${name}.js`, code, call[0])
            expect(lookUpFunction(built, [frame])).toMatchObject({
              name: `f${index}`,
              file: 'author.ts',
              arguments: [{ name: 'text', form: 'plain' }],
            })
          }
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('nothing is found, and nothing thrown,', () => {
  const built = '(name) => name.trim()'

  test.each(['data:application/json;base64,e30=', 'data:application/json,{', 'no/such.map', '%'])(
    'by the map %j; the file itself may do',
    async (map) => {
      const text = `bundle(${built})\n//# sourceMappingURL=${map}`
      const frame = await written(`${Math.random()}.js`, text, 'bundle(')
      expect(lookUpFunction(built, [frame])?.source).toBe(built)
      expect(lookUpFunction('(name)=>name.trim()', [frame])).toBeUndefined()
    },
  )

  test.each([
    ['where the file has another function', 'bundle((name) => name.length)', ''],
    ['where the file does not parse', 'bundle((name) => ', ''],
    [
      'where the source is gone',
      `bundle(${built})\n//# sourceMappingURL=gone.map`,
      '{"version":3,"sources":["gone.ts"],"mappings":"AAAA"}',
    ],
  ])('%s', async (_where, text, map) => {
    const frame = await written(`${Math.random()}.js`, text, 'bundle(')
    if (map) await writeFile(join(folder, 'gone.map'), map)
    expect(lookUpFunction(built, [frame])).toBeUndefined()
  })

  test.each([
    'node:internal/x',
    '/no/such/file.js',
    'https://example.org/a.js',
    '<anonymous>',
    'file:///%',
  ])('where the file is %s', (file) =>
    expect(lookUpFunction(built, [{ file, line: 1, column: 1 }])).toBeUndefined(),
  )
})

test.each([10, 20])(
  'a file is read once for %d functions, recorded one after the other',
  async (count) => {
    const functions = Array.from({ length: count }, (_, index) => `(name) => name.at(${index})`)
    const text = functions.map((fn) => `bundle(${fn})`).join('\n')
    const { file } = await written(`${Math.random()}.js`, text, 'bundle(')
    const read = vi.spyOn(process.getBuiltinModule('node:fs'), 'readFileSync')
    for (const [index, fn] of functions.entries()) {
      expect(lookUpFunction(fn, [{ file, line: index + 1, column: 1 }])?.source).toBe(fn)
    }
    // The file, and the map that is not beside it.
    expect(read.mock.calls.filter(([path]) => String(path).startsWith(file))).toHaveLength(1)
    read.mockRestore()
  },
)

test('a name that a build restores outranks the one in its text', () => {
  const restored = Object.defineProperty(function greet2() {}, 'name', { value: 'greet' })
  const author = { name: 'greet2', arguments: [], documentation: '', hash: '0' }
  expect(operatorName(restored, author, true, [])).toBe('greet')
  expect(operatorName(restored, { ...author, name: 'welcome' }, true, [])).toBe('welcome')
})

test('a function that is not trainable has no file read for it', () => {
  const read = vi.spyOn(process.getBuiltinModule('node:fs'), 'readFileSync')
  bundle('plain', (name: string) => name.trim())(' a ')
  expect(read).not.toHaveBeenCalled()
  read.mockRestore()
})

const warnings: string[] = []
beforeEach(() => {
  warnings.length = 0
  const write = (message: string) => warnings.push(message)
  diag.setLogger(
    { error: write, warn: write, info() {}, debug() {}, verbose() {} },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
})

// What a minifier leaves: text that no file holds.
const minified = (source: string) => new Function(`return ${source}`)()

describe('names that a minifier made', () => {
  test('are no names: twins stay apart, and a warning says so once', () => {
    const twins = [
      bundle(minified('function e(t){return t.trim()}'), { trainable: true }),
      bundle(minified('function e(t){return t.trim()}'), { trainable: true }),
    ]
    const names = twins.map(({ parameters }) => parameters()[0]?.name)
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^anonymous_[0-9a-f]{8}(_2)?\.code$/)
    expect(warnings.filter((line) => line.includes('T2_OPERATOR_NAME'))).toHaveLength(1)
  })

  test('say that the source is as built', () => {
    const [code] = bundle('short', minified('(e)=>e.at(0)'), { trainable: true }).parameters()
    expect(code?.description).toContain('as built')
  })

  test('of what a function uses make it untrainable, and it runs on', () => {
    const shortened = bundle('uses', minified('(e)=>typeof n+typeof r+e'), { trainable: true })
    expect(shortened('!')).toBe('undefinedundefined!')
    expect(shortened.parameters()).toEqual([])
    expect(warnings.join()).toContain('T2_CODE_BUILT')
  })

  test('of arguments are warned of once, unless the inputs are named', async () => {
    const recorder = recordSpans()
    bundle('named', minified('(e,t)=>e+t'), { inputs: ['ticket', 'system'] })('a', 'b')
    bundle('unnamed', minified('(e,t)=>e+t'))('a', 'b')
    bundle('unnamed', minified('(n,r)=>n+r'))('a', 'b')
    expect(recorder.spans()[0]?.attributes['input.value']).toBe('{"ticket":"a","system":"b"}')
    await recorder.stop()
    expect(warnings.filter((line) => line.includes('T2_OPERATOR_INPUTS'))).toHaveLength(1)
  })

  test('are told from those that an author gave, in his file or in one that it imports', async () => {
    const text = [
      "import { cut } from './short-cut.js'",
      "bundle('double', (n: number) => n * 2)",
      'const t = (x: string): string => x.trim()',
    ]
    const frame = await written('short.ts', text.join('\n'), 'bundle(')
    await writeFile(join(folder, 'short-cut.ts'), 'export const cut = (s: string) => s.slice(1)')
    expect(isAsWritten('n=>n*2', ['n'], [frame])).toBe(true)
    expect(isAsWritten('s=>s.slice(1)', ['s'], [frame])).toBe(true)
    expect(isAsWritten('x=>x.trim()', ['x'], [frame], 't')).toBe(true)
    expect(isAsWritten('x=>x.trim()', ['x'], [frame], 'e')).toBe(false)
    expect(isAsWritten('e=>e*2', ['e'], [frame])).toBe(false)
    expect(isAsWritten('x=>x.trim()', ['x'], [{ ...frame, file: '/none.ts' }])).toBe(false)
  })

  test("stay a minifier's in a file of which it left the ends of lines in texts", async () => {
    const text =
      'import{bundle as b}from"x";const p=`One.\nTwo.`,f=b("f",n=>n*2);const g=b("g",n=>n*3);\n'
    const frame = await written('texts.js', text, 'b("f"')
    expect(isAsWritten('n=>n*2', ['n'], [frame])).toBe(false)
    expect(isAsWritten('n=>n*3', ['n'], [frame])).toBe(false)
    const own = await written('own.js', text.replace(';const g', ';\nconst g'), 'b("f"')
    expect(isAsWritten('n=>n*3', ['n'], [own])).toBe(true)
  })

  test.each([
    ['function e(t){return t}', true],
    ['(e,t)=>e+t', true],
    ['async e=>{await e}', true],
    ['(a) => a', false],
    ['(a)=>a * 2', false],
    ['async (a, b)=>{\n    return a;\n}', false],
    ['function f(a) { return a }', false],
    ['async (ticket, system) => {\n  return ticket\n}', false],
  ])('are looked for where %s', (source, expected) => expect(looksMinified(source)).toBe(expected))
})
