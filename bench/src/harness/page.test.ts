import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { withFigures } from './page.ts'
import { readSaved } from './saved.ts'

const file = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

test('the figures in docs/performance.md are those that are saved', () => {
  const page = readFileSync(file('docs/performance.md'), 'utf8')
  const saved = readSaved(file('bench/baseline.json'))
  if (!saved) throw new Error('There is no bench/baseline.json.')
  expect(withFigures(page, saved)).toBe(page)
})

test('a table stands between its marks, and what nobody has measured is an error', () => {
  const machine = {
    ...{ processor: 'a processor', processors: 2, memoryGiB: 8, system: 'linux 6' },
    ...{ node: '20.19.0', duckdb: '1.5', trace2: '0.1.0' },
  }
  const stored = { name: 'stored', unit: 'spans/s', better: 'more', values: [50, 60] } as const
  const saved = { machine, measurements: { collector: [stored] } }
  const page = 'A\n<!-- figures: collector -->\nold\n<!-- /figures -->\nB\n'
  const written = withFigures(page, saved)
  expect(written).toContain('| stored | 55.0 spans/s (50.0 to 60.0) |\n\n<!-- /figures -->\nB')
  expect(written).not.toContain('old')
  expect(withFigures(written, saved)).toBe(written)
  expect(() => withFigures('<!-- figures: other -->\n<!-- /figures -->', saved)).toThrow(/other/)
})
