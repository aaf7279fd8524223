import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('.', import.meta.url))

/** What a module and all that it imports take from outside this package. */
function outsideImports(entry: string): Set<string> {
  const outside = new Set<string>()
  const seen = new Set<string>()
  const visit = (file: string) => {
    if (seen.has(file)) return
    seen.add(file)
    for (const [statement, from = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'/gm,
    )) {
      if (/^(?:import|export) type\b/.test(statement)) continue
      if (from.startsWith('.')) visit(resolve(dirname(file), from))
      else outside.add(from)
    }
  }
  visit(join(source, entry))
  return outside
}

test.each([
  ['index.ts', ['@cfworker/json-schema', '@opentelemetry/api', '@trace2/core', '@trace2/source']],
  [
    'live/index.ts',
    ['@cfworker/json-schema', '@opentelemetry/api', '@trace2/core', '@trace2/source'],
  ],
  ['semconv.ts', ['@trace2/core']],
  ['../../core/src/index.ts', []],
  ['../../source/src/index.ts', ['@sveltejs/acorn-typescript', '@trace2/core', 'acorn']],
])('%s imports no more than %j', (entry, allowed) => {
  expect([...outsideImports(entry)].sort()).toEqual(allowed)
})

test.each(['', '/node', '/isolation', '/live', '/semconv', '/build', '/replay'])(
  'the entry point %j works from ESM and from require',
  (entry) => {
    const name = `@trace2/instrumentation${entry}`
    const count = (script: string, ...flags: string[]) =>
      Number(
        execFileSync(process.execPath, ['--no-warnings', ...flags, '-e', script], { cwd: source }),
      )
    const required = count(
      `console.log(Object.keys(require('${name}')).filter((key) => key !== '__esModule').length)`,
    )
    const imported = count(
      `import * as entry from '${name}'; console.log(Object.keys(entry).length)`,
      '--input-type=module',
    )
    expect(required).toBeGreaterThan(0)
    expect(imported).toBe(required)
  },
)

test('what is published has its licence and no test', () => {
  const files = readdirSync(join(source, '../dist'), { recursive: true, encoding: 'utf8' })
  expect(files.filter((file) => /\.test\.|testing/.test(file))).toEqual([])
})
