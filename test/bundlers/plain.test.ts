import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Build, esbuildWith, type Help, rollupWith, runBuilt, webpackWith } from './builds.ts'

interface Printed {
  readonly operators: readonly Readonly<Record<string, string>>[]
  readonly said: readonly string[]
}

const folder = fileURLToPath(new URL('./.out-plain', import.meta.url))
const entry = fileURLToPath(new URL('./plain/main.js', import.meta.url))
let unbundled: Printed

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  unbundled = await runBuilt<Printed>([entry])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function built(build: Build, help: Help): Promise<Printed> {
  const place = join(folder, crypto.randomUUID())
  await mkdir(place, { recursive: true })
  return runBuilt<Printed>(await build(place, help))
}

const builds: [string, Build][] = [
  ['esbuild', esbuildWith({}, entry)],
  ['esbuild, minified', esbuildWith({ minify: true }, entry)],
  ['rollup', rollupWith(false, entry)],
  ['rollup, minified', rollupWith(true, entry)],
  ['webpack', webpackWith(false, entry)],
  ['webpack, minified', webpackWith(true, entry)],
]

test('Node runs the program as it is written', () => {
  expect(unbundled.said).toEqual([])
  expect(unbundled.operators).toHaveLength(8)
  expect(unbundled.operators).toMatchObject([
    { name: 'classify', description: 'Puts a ticket into a category.' },
    { name: 'greet', arguments: '{"name":"Ann"}', description: 'Greets the customer.' },
    { name: 'route', arguments: '{"category":"billing"}', description: 'Chooses who answers.' },
    { name: 'agent', arguments: '{"ticket":"I was charged twice."}' },
    ...Array(4).fill({}),
  ])
})

describe('with the plugin, names, arguments, documentation and hashes are those of the program as it is written:', () => {
  test.each(builds)('%s', async (_name, build) => {
    expect(await built(build, 'plugin')).toEqual(unbundled)
  })
})

describe('with nothing, what a minifier took is said once:', () => {
  const minified = builds.filter(([name]) => name.includes('minified'))
  test.each(minified)('%s', async (_name, build) => {
    const { operators, said } = await built(build, 'nothing')
    expect(operators).toHaveLength(8)
    expect([...said].sort()).toEqual(['T2_OPERATOR_INPUTS', 'T2_OPERATOR_NAME'])
  })
})
