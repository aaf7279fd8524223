import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeDirectory } from './make-directory.ts'
import { temporaryDirectory } from './testing/temporary.ts'

const directory = temporaryDirectory()

it('makes what is missing, and leaves what is there', async () => {
  const path = join(directory, 'a', 'b', 'c')
  await makeDirectory(path, 0o700)
  await makeDirectory(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

it('fails where a file is in the way', async () => {
  const file = join(directory, 'file')
  writeFileSync(file, '')
  await expect(makeDirectory(file)).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeDirectory(join(file, 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

it.runIf(existsSync('/proc/self'))('fails where no directory can be made', async () => {
  await expect(makeDirectory('/proc/a')).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(makeDirectory('/proc/a/b/c')).rejects.toMatchObject({ code: 'ENOENT' })
})
