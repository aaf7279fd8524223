import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { isLocked, withFileLock } from './file-lock.ts'
import { ownMark, type ProcessMark } from './process-mark.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trace2-'))
  file = join(directory, 'count')
  await writeFile(file, '0')
})
afterEach(() => rm(directory, { recursive: true }))

const increment = (withinMs?: number) =>
  withFileLock(
    file,
    async () => {
      const count = Number(await readFile(file, 'utf8'))
      await writeFile(file, String(count + 1))
    },
    withinMs,
  )

/** A process that has ended. */
const ended = (): ProcessMark => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  return { ...ownMark(), pid, started: '1' }
}

/** A process that is there, with nothing of ours. */
function other(): ProcessMark {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  onTestFinished(() => {
    child.kill()
  })
  return { ...ownMark(), pid: child.pid ?? 0, started: '1' }
}

const hold = (name: string, content: unknown) =>
  writeFile(join(directory, name), typeof content === 'string' ? content : JSON.stringify(content))

describe('a lock on a file', () => {
  it('lets one after the other change it, and leaves nothing behind', async () => {
    await Promise.all(Array.from({ length: 20 }, () => increment()))
    expect(await readFile(file, 'utf8')).toBe('20')
    expect(await readdir(directory)).toEqual(['count'])
  })

  it('is given back where the work fails', async () => {
    const failing = withFileLock(file, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    await increment()
    expect(await readFile(file, 'utf8')).toBe('1')
  })

  it('says whether somebody holds it', async () => {
    expect(await isLocked(file)).toBe(false)
    await withFileLock(file, async () => expect(await isLocked(file)).toBe(true))
    await hold('count.lock', ended())
    expect(await isLocked(file)).toBe(false)
  })

  it.each([
    ['a process that was killed', ended],
    ['a process whose number another one has by now', other],
    [
      'the system before it was started again',
      () => ({ ...ownMark(), boot: 'before', machine: 'm' }),
    ],
    ['nobody: it is empty', () => ''],
    ['nobody: it is no JSON', () => '{"pid":'],
    ['nobody: it says too little', () => ({ pid: process.pid, host: 'here' })],
  ])('of %s is taken away, once, however many wait', async (what, content) => {
    if (what.startsWith('the system') && ownMark().machine === '') return
    const mark = content()
    const machine = ownMark().machine
    await hold('count.lock', what.startsWith('the system') ? { ...Object(mark), machine } : mark)
    await Promise.all(Array.from({ length: 10 }, () => increment()))
    expect(await readFile(file, 'utf8')).toBe('10')
    expect(await readdir(directory)).toEqual(['count'])
  })

  it.each([
    ['a killed process', ended],
    ['nobody', () => ''],
  ])(
    'can be taken away where %s began to take it away, and others to take that away',
    async (_who, content) => {
      for (const name of ['count.lock', 'count.lock.removal', 'count.lock.removal.removal']) {
        await hold(name, content())
      }
      await Promise.all(Array.from({ length: 5 }, () => increment()))
      expect(await readFile(file, 'utf8')).toBe('5')
      expect(await readdir(directory)).toEqual(['count'])
    },
  )

  it('is free where only its removal was left; what killed processes wrote beside it goes', async () => {
    await hold('count.lock.removal', ended())
    await hold('count.0123456789ab.tmp', 'half')
    await hold('count.lock.0123456789ab.tmp', '')
    await hold('count.mine.tmp', 'kept')
    await increment()
    expect(await readdir(directory)).toEqual(['count', 'count.mine.tmp'])
  })

  it.each<[string, () => Partial<ProcessMark>]>([
    ['another machine', () => ({ host: 'elsewhere', boot: 'another', machine: 'another' })],
    ['another container', () => ({ space: 'another' })],
    ['a process that is there', () => ({})],
  ])('of %s is respected, and named after a while', async (_whose, part) => {
    const content = { ...ownMark(), ...part() }
    await hold('count.lock', content)
    await hold('count.lock.removal', content)
    await expect(increment(300)).rejects.toMatchObject({
      code: 'T2_PARAMETERS_LOCKED',
      message: expect.stringContaining(`process ${process.pid} on ${content.host}`),
    })
    expect(await readFile(file, 'utf8')).toBe('0')
  })

  it('of a stopped process is respected; once that is killed it is taken away', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const { pid = 0 } = child
    await once(child, 'spawn')
    // Its start is read as ours was: a lock that it would have made.
    const stat = process.platform === 'linux' ? await readFile(`/proc/${pid}/stat`, 'utf8') : ''
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    await hold('count.lock', { ...ownMark(), pid, started })
    child.kill('SIGSTOP')
    await expect(increment(300)).rejects.toMatchObject({ code: 'T2_PARAMETERS_LOCKED' })
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    await increment()
    expect(await readFile(file, 'utf8')).toBe('1')
  })

  it('needs a folder, which it names', async () => {
    const missing = join(directory, 'none', 'p.json')
    await expect(withFileLock(missing, async () => undefined)).rejects.toMatchObject({
      code: 'T2_PARAMETERS_UNWRITABLE',
      message: expect.stringContaining(`the folder ${join(directory, 'none')} does not exist`),
    })
    await expect(withFileLock(join(file, 'p.json'), async () => undefined)).rejects.toMatchObject({
      message: expect.stringContaining('is no folder'),
    })
    await mkdir(`${file}.lock`)
    await expect(increment(2000)).rejects.toMatchObject({ code: 'T2_PARAMETERS_UNWRITABLE' })
  })
})
