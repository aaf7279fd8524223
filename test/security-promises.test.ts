import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'SECURITY.md'), 'utf8')

function section(title: string): string {
  const [, text = ''] = page.split(`\n## ${title}\n`)
  return text.split('\n## ')[0] ?? ''
}

const testsIn = (text: string) =>
  [...text.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, path = '']) => path)

it('names a test for each promise of security', () => {
  const promises = section('What holds').split('\n- ').slice(1)
  expect(promises.length).toBeGreaterThan(7)
  for (const promise of promises) {
    expect([promise.slice(0, 60), testsIn(promise).length]).toEqual([
      promise.slice(0, 60),
      expect.toSatisfy((count: number) => count > 0),
    ])
  }
})

it('names only tests that are there', () => {
  const named = [page, readFileSync(join(root, 'docs/evidence/reliability.md'), 'utf8')].flatMap(
    testsIn,
  )
  expect(named.length).toBeGreaterThan(30)
  // The page of evidence names those of the collector from its folder on.
  const missing = named.filter(
    (path) =>
      !existsSync(join(root, path)) && !existsSync(join(root, 'packages/collector/src', path)),
  )
  expect(missing).toEqual([])
})
