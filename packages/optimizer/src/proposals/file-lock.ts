import { readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { raise } from '../errors.ts'

const patienceMs = 10_000
const pauseMs = 20

/**
 * Does something to a file while no other process that asks does: a file beside it, `<path>.lock`, says who is at it. One
 * that a killed process left is taken away.
 *
 * @throws `T2_PARAMETERS_LOCKED` where another process keeps it for ten seconds.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  const deadline = performance.now() + patienceMs
  while (!(await take(lock))) {
    if (await isLeftover(lock)) await removeLeftover(lock)
    else if (performance.now() < deadline) await setTimeout(pauseMs)
    else throw raise('T2_PARAMETERS_LOCKED', `Another command keeps ${lock}.`)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

interface Holder {
  readonly pid: number
  readonly host: string
}

/** Makes the lock if there is none. Its content is there with it, or a moment later. */
async function take(lock: string): Promise<boolean> {
  const holder: Holder = { pid: process.pid, host: hostname() }
  try {
    await writeFile(lock, JSON.stringify(holder), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw raise('T2_PARAMETERS_UNWRITABLE', `${lock} cannot be written.`, { cause: error })
  }
}

/** Whether its process is known to be gone. */
async function isLeftover(lock: string): Promise<boolean> {
  const holder = await readHolder(lock)
  if (holder?.host !== hostname()) return false
  try {
    process.kill(holder.pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/** Only who holds a second lock may remove the first, and looks again: it could be another's by now. */
async function removeLeftover(lock: string): Promise<void> {
  const removal = `${lock}.removal`
  if (!(await take(removal))) {
    await setTimeout(pauseMs)
    return
  }
  try {
    if (await isLeftover(lock)) await rm(lock, { force: true })
  } finally {
    await rm(removal, { force: true })
  }
}

async function readHolder(lock: string): Promise<Holder | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(lock, 'utf8'))
    if (typeof content !== 'object' || content === null) return undefined
    const [pid, host]: unknown[] = [Reflect.get(content, 'pid'), Reflect.get(content, 'host')]
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined
  } catch {
    return undefined
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
