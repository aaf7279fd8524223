import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commandLinePage } from './command-line-page.ts'

test('docs/command-line.md holds the help of every command', async () => {
  const file = join(fileURLToPath(new URL('../../../../', import.meta.url)), 'docs/command-line.md')
  await expect(await commandLinePage()).toMatchFileSnapshot(file)
})
