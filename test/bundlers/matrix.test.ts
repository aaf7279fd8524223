import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { esbuildWith, type Help, rolldownWith, runBuilt, tscWith } from './builds.ts'

type Outcomes = Readonly<Record<string, string>>

const folder = fileURLToPath(new URL('./.out-matrix', import.meta.url))
const source = join(folder, 'source')
const entry = join(source, 'main.ts')

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await cp(fileURLToPath(new URL('./matrix', import.meta.url)), source, { recursive: true })
  const declared = await readFile(join(source, 'forms.ts'), 'utf8')
  const undeclared = declared
    .replaceAll(/uses: \{[^}]*\},?/g, '')
    .replaceAll("'forms.", "'undeclared.")
    .replaceAll("bundle('helper'", "bundle('marker'")
  await writeFile(join(source, 'undeclared.ts'), undeclared)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const builds = {
  esbuild: esbuildWith({}, entry),
  'esbuild, minified': esbuildWith({ minify: true }, entry),
  'esbuild, identifiers minified': esbuildWith({ minifyIdentifiers: true }, entry),
  'esbuild, minified, CommonJS': esbuildWith({ minify: true, format: 'cjs' }, entry),
  rolldown: rolldownWith(false, entry),
  'rolldown, minified': rolldownWith(true, entry),
  tsc: tscWith('module', entry),
  'tsc, CommonJS': tscWith('commonjs', entry),
}

const helps: readonly Help[] = ['plugin', 'map', 'nothing']
const cases = Object.entries(builds).flatMap(([name, build]) =>
  helps
    .filter((help) => help !== 'plugin' || !name.startsWith('tsc'))
    .map((help) => [name, help, build] as const),
)

// Only the plugin tells names that are declared nowhere in the options.
const traps = [
  'one name given, another used',
  'a name that is that of the operator',
  'a member that is named as what it uses',
  'given by a variable',
]

describe('after a change of one word each form works or was refused, in', () => {
  test.each(cases)('%s with %s', async (_name, help, build) => {
    const place = join(folder, crypto.randomUUID())
    await mkdir(place, { recursive: true })
    const { declared, undeclared } = await runBuilt<Record<'declared' | 'undeclared', Outcomes>>(
      await build(place, help),
    )
    const refused = /^T2_CODE_(?:NAMES|BUILT)$/
    const failed = [...Object.entries(declared), ...Object.entries(undeclared)]
    expect(failed.filter(([, outcome]) => outcome !== 'works' && !refused.test(outcome))).toEqual(
      [],
    )
    expect(Object.keys(declared).length).toBeGreaterThan(41)
    expect(failing(declared).filter((name) => help === 'plugin' || !traps.includes(name))).toEqual(
      [],
    )
    // What no module declares is a capability, and stays to be declared.
    if (help === 'plugin') expect(failing(undeclared)).toEqual(['fetch'])
  })
})

function failing(outcomes: Outcomes): readonly string[] {
  return Object.keys(outcomes).filter((name) => outcomes[name] !== 'works')
}
