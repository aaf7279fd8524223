import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

test('the drawing of the packages has the arrows that their imports have', () => {
  const drawn = execFileSync(process.execPath, ['tools/imports.mjs', '--dot'], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(readFileSync(`${root}docs/figures/packages.dot`, 'utf8')).toBe(drawn)
})
