import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Build,
  esbuildWith,
  rolldownWith,
  rollupWith,
  runBuilt,
  webpackWith,
} from './builds.ts'

interface Printed {
  readonly inputs: readonly string[]
  readonly said: readonly string[]
}

const folder = fileURLToPath(new URL('./.out-short', import.meta.url))
const source = join(folder, 'source')
const entry = join(source, 'short/main.js')

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  for (const each of ['short', 'plain']) {
    const from = fileURLToPath(new URL(each, import.meta.url))
    await cp(from, join(source, each), { recursive: true })
  }
  await writeFile(join(source, 'package.json'), JSON.stringify({ type: 'module' }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const written = [
  'double {"n":2}',
  'join {"a":"a","b":"b"}',
  'f {"x":"a"}',
  'h {"v":"a"}',
  'first {"l":["a"]}',
  'up {"w":"a"}',
  'tight {"n":2}',
  'plain {"n":2}',
]

async function built(build: Build): Promise<Printed> {
  const place = join(folder, crypto.randomUUID())
  await mkdir(place, { recursive: true })
  return runBuilt<Printed>(await build(place, 'nothing'))
}

describe('short names that an author gave are recorded, and nothing is said:', () => {
  const builds: [string, Build][] = [
    // It leaves out blanks, in memory.
    ['tsx', async () => ['--import', 'tsx', entry]],
    ['esbuild', esbuildWith({}, entry)],
    ['rollup', rollupWith(false, entry)],
    ['rolldown', rolldownWith(false, entry)],
    ['webpack', webpackWith(false, entry)],
    ['webpack, in development', webpackWith(false, entry, 'development')],
  ]
  test.each(builds)('%s', async (_name, build) => {
    expect(await built(build)).toEqual({ inputs: written, said: [] })
  })
})

describe('short names that a minifier gave are said once:', () => {
  const builds: [string, Build][] = [
    ['esbuild', esbuildWith({ minify: true }, entry)],
    ['esbuild, with short lines', esbuildWith({ minify: true, lineLimit: 200 }, entry)],
    ['esbuild, CommonJS', esbuildWith({ minify: true, format: 'cjs' }, entry)],
    ['esbuild, packages left outside', esbuildWith({ minify: true, packages: 'external' }, entry)],
    ['rollup', rollupWith(true, entry)],
    ['rolldown', rolldownWith(true, entry)],
    ['webpack', webpackWith(true, entry)],
  ]
  test.each(builds)('%s', async (_name, build) => {
    const { said } = await built(build)
    expect([...said].sort()).toEqual(['T2_OPERATOR_INPUTS', 'T2_OPERATOR_NAME'])
  })
})
