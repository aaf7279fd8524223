import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Build,
  esbuildWith,
  type Help,
  type Recorded,
  rolldownWith,
  rollupWith,
  runBuilt,
  tscWith,
  tsx,
  webpackWith,
} from './builds.ts'

// Where what is not bundled is found.
const folder = fileURLToPath(new URL('./.out', import.meta.url))
let reference: Recorded

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  reference = await built(esbuildWith({}), 'plugin')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function built<T = Recorded>(build: Build, help: Help): Promise<T> {
  const place = join(folder, crypto.randomUUID())
  await mkdir(place, { recursive: true })
  return runBuilt<T>(await build(place, help))
}

const bundled: [string, Build][] = [
  ['esbuild', esbuildWith({})],
  ['esbuild, minified', esbuildWith({ minify: true })],
  ['esbuild, minified, names kept', esbuildWith({ minify: true, keepNames: true })],
  ['esbuild, names kept', esbuildWith({ keepNames: true })],
  ['esbuild, minified, for ES2016', esbuildWith({ minify: true, target: 'es2016' })],
  ['esbuild, minified, CommonJS', esbuildWith({ minify: true, format: 'cjs' })],
  ['esbuild, packages left outside', esbuildWith({ minify: true, packages: 'external' })],
  ['rolldown, minified', rolldownWith(true)],
  ['rollup', rollupWith(false)],
  ['rollup, minified', rollupWith(true)],
  ['webpack', webpackWith(false)],
  ['webpack, minified', webpackWith(true)],
]

test('the plugin hands on what the author wrote', async () => {
  const written = await readFile(
    fileURLToPath(new URL('./program/agent.ts', import.meta.url)),
    'utf8',
  )
  const { operators, code } = reference
  expect(operators).toMatchObject({
    classify: {
      arguments: '{"ticket":"a billing ticket","instruction":"other"}',
      description: 'Puts a ticket into a category.',
      function: 'classify',
    },
    route: { arguments: '{"category":"none","urgency":1}', description: 'Chooses who answers.' },
    greet: { description: 'Greets the customer. Must stay polite.' },
    sign: { description: 'Signs off.', function: 'sign' },
  })
  expect(code.map(({ name }) => name)).toEqual(
    ['greet', 'part', 'subject', 'body', 'polish', 'sign', 'team'].map((name) => `${name}.code`),
  )
  for (const { source } of code) {
    // A comment may stand further above.
    const [, comment = '', text = ''] = /^(\/\*\*.*\*\/\n)?([\s\S]*)$/.exec(source) ?? []
    expect(written).toContain(comment)
    expect(written).toContain(text)
  }
})

describe('with the plugin, the same is recorded as in any other build:', () => {
  test.each(bundled)('%s', async (_name, build) => {
    expect(await built(build, 'plugin')).toEqual(reference)
  })
})

describe('with a source map, trainable functions are as their author wrote them:', () => {
  const mapped = bundled.filter(([name]) => name.includes('minified'))
  test.each([...mapped, ['tsc', tscWith('module')], ['tsx', tsx]] as [string, Build][])(
    '%s',
    async (_name, build) => {
      const { code, results, changed } = await built(build, 'map')
      expect({ code, results, changed }).toEqual({
        code: reference.code,
        results: reference.results,
        changed: reference.changed,
      })
    },
  )
})

// What a minifier calls the helpers of an older language, only the plugin or a map tells.
const unhelped: [string, Build][] = [
  ...bundled.filter(([name]) => !name.includes('ES2016')),
  ['esbuild, for ES2016', esbuildWith({ target: 'es2016' })],
  ['tsc', tscWith('module')],
]

describe('with nothing, a change of one word reaches its function and no other:', () => {
  test.each(unhelped)('%s', async (_name, build) => {
    const { code, results, changed } = await built(build, 'nothing')
    expect({ results, changed }).toEqual({
      results: reference.results,
      changed: reference.changed,
    })
    expect(new Set(code.map(({ name }) => name)).size).toBe(code.length)
    // No name that a minifier made, and none of its helpers.
    expect(code.filter(({ name }) => /^.{1,2}\.code$/.test(name))).toEqual([])
    expect(code.filter(({ source }) => /__name/.test(source))).toEqual([])
  })

  test('what a minifier left says so', async () => {
    const { code } = await built(esbuildWith({ minify: true }), 'nothing')
    expect(code.filter(({ description }) => !description.includes('as built'))).toEqual([])
  })
})

describe('with the plugin, a changed function uses what it used before, with nothing declared:', () => {
  test.each([
    ['esbuild', esbuildWith({}, 'uses.ts')],
    ['esbuild, minified', esbuildWith({ minify: true }, 'uses.ts')],
    ['esbuild, minified, for ES2016', esbuildWith({ minify: true, target: 'es2016' }, 'uses.ts')],
    ['esbuild, minified, CommonJS', esbuildWith({ minify: true, format: 'cjs' }, 'uses.ts')],
  ] as [string, Build][])('%s', async (_name, build) => {
    const { results, changed } = await built<{ results: string[]; changed: string[] }>(
      build,
      'plugin',
    )
    expect(results.every((result) => result.startsWith('Dear'))).toBe(true)
    expect(changed.slice(0, -1)).toEqual(
      results.slice(0, -1).map((result) => result.replace('Dear', 'Hello')),
    )
    // What is declared goes before what was found.
    expect(changed.at(-1)).toBe('Hello a lon…')
  })
})
