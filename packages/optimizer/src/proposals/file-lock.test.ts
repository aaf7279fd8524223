import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { withFileLock } from './file-lock.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-'))
  file = join(directory, 'count')
  await writeFile(file, '0')
})

const increment = () =>
  withFileLock(file, async () => {
    const count = Number(await readFile(file, 'utf8'))
    await writeFile(file, String(count + 1))
  })

describe('a lock on a file', () => {
  it('lets one after the other change it, and leaves nothing behind', async () => {
    await Promise.all(Array.from({ length: 20 }, increment))
    expect(await readFile(file, 'utf8')).toBe('20')
    expect(await readdir(directory)).toEqual(['count'])
  })

  it('of a process that was killed is taken away, once, however many wait', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    await writeFile(`${file}.lock`, JSON.stringify({ pid, host: hostname() }))
    await Promise.all(Array.from({ length: 10 }, increment))
    expect(await readFile(file, 'utf8')).toBe('10')
  })

  it('is given back where the work fails', async () => {
    const failing = withFileLock(file, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    await increment()
    expect(await readFile(file, 'utf8')).toBe('1')
  })

  it('of another machine is respected, and named after a while', async () => {
    await writeFile(`${file}.lock`, JSON.stringify({ pid: 1, host: 'elsewhere' }))
    await expect(increment()).rejects.toMatchObject({ code: 'T2_PARAMETERS_LOCKED' })
  })
})
