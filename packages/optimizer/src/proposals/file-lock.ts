import { randomBytes } from 'node:crypto'
import { link, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { raise } from '../errors.ts'
import { isGone, markOf, ownMark } from './process-mark.ts'

const patienceMs = 10_000
const pauseMs = 20
/** A lock of ours has all of its content in less. What has none after that is no lock. */
const unfinishedMs = 500

/**
 * Does something to a file while no other process that asks does: a file beside it, `<path>.lock`, says who is at it. One
 * whose process is proven to have ended is taken away, and so is what such a process left beside the file.
 *
 * @param path without symbolic links. The file need not exist, its folder must.
 * @param withinMs how long to wait for another process, in milliseconds. Default: ten seconds.
 * @throws `T2_PARAMETERS_LOCKED` where another process keeps it for longer; `T2_PARAMETERS_UNWRITABLE` where the folder
 * takes no lock.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  withinMs = patienceMs,
): Promise<T> {
  await requireFolder(path)
  const lock = `${path}.lock`
  const deadline = performance.now() + withinMs
  const leftovers = new Leftovers()
  while (!(await take(lock))) {
    if (performance.now() > deadline) {
      throw raise('T2_PARAMETERS_LOCKED', `Another command keeps ${lock}${await holderOf(lock)}.`)
    }
    if (await leftovers.isOne(lock)) await remove(lock, leftovers)
    else await setTimeout(pauseMs)
  }
  try {
    await sweep(path, leftovers)
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

/** Whether a process that may still be there is at a file. */
export async function isLocked(path: string): Promise<boolean> {
  const content = await readFile(`${path}.lock`, 'utf8').catch(() => undefined)
  if (content === undefined) return false
  const holder = parsed(content)
  return holder !== undefined && !isGone(holder)
}

/** A name for what is written beside a file and takes its place. */
export function temporaryBeside(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.tmp`
}

const temporaryName = /^(?:\.lock(?:\.removal)*)?\.[0-9a-f]{12}\.tmp$/

/** Takes away what processes that were killed left: nobody else writes beside the file now. */
async function sweep(path: string, leftovers: Leftovers): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)]
  for (const other of await readdir(folder).catch(() => [])) {
    if (!other.startsWith(name)) continue
    const rest = other.slice(name.length)
    // Who loses half a lock so makes it again.
    if (temporaryName.test(rest)) await rm(join(folder, other), { force: true }).catch(() => {})
    else if (/^\.lock(?:\.removal)+$/.test(rest)) {
      const removal = join(folder, other)
      if (await leftovers.staysOne(removal)) await remove(removal, leftovers)
    }
  }
}

/** Makes the lock if there is none. It is there with its content, or not at all. */
async function take(lock: string): Promise<boolean> {
  const temporary = temporaryBeside(lock)
  const content = JSON.stringify(ownMark())
  try {
    await writeFile(temporary, content, { flag: 'wx' })
    await link(temporary, lock)
    return true
  } catch (error) {
    const code = codeOf(error)
    // Without the temporary file there is nothing to link: who has the lock has swept.
    if (code === 'EEXIST' || code === 'ENOENT') return false
    if (noLinks.has(String(code))) return takeDirectly(lock, content)
    throw unwritable(lock, error)
  } finally {
    await rm(temporary, { force: true }).catch(() => {})
  }
}

/** What file systems say that know no second name of a file. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'])

async function takeDirectly(lock: string, content: string): Promise<boolean> {
  try {
    await writeFile(lock, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw unwritable(lock, error)
  }
}

/**
 * Only who holds a second lock may remove the first, and looks again: it could be another's by now. The second lock may be
 * a leftover in its turn.
 */
async function remove(lock: string, leftovers: Leftovers): Promise<void> {
  const removal = `${lock}.removal`
  if (!(await take(removal))) {
    if (await leftovers.isOne(removal)) await remove(removal, leftovers)
    else await setTimeout(pauseMs)
    return
  }
  try {
    if (await leftovers.isOne(lock)) await rm(lock, { force: true })
  } catch (error) {
    throw unwritable(lock, error)
  } finally {
    await rm(removal, { force: true })
  }
}

/** Tells locks that nobody holds. */
class Leftovers {
  readonly #strange = new Map<string, { readonly content: string; readonly since: number }>()

  /** Whether its process is proven to have ended, or it is no lock. */
  async isOne(lock: string): Promise<boolean> {
    const content = await readFile(lock, 'utf8').catch((error) =>
      codeOf(error) === 'ENOENT' ? undefined : String(error),
    )
    if (content === undefined) return false
    const holder = parsed(content)
    if (holder) return isGone(holder)
    const known = this.#strange.get(lock)
    if (known?.content === content) return performance.now() - known.since > unfinishedMs
    this.#strange.set(lock, { content, since: performance.now() })
    return false
  }

  /** As {@link isOne}, after as long as it takes to tell. */
  async staysOne(lock: string): Promise<boolean> {
    if (await this.isOne(lock)) return true
    if (!this.#strange.has(lock)) return false
    await setTimeout(unfinishedMs + pauseMs)
    return this.isOne(lock)
  }
}

function parsed(content: string) {
  try {
    return markOf(JSON.parse(content))
  } catch {
    return undefined
  }
}

async function holderOf(lock: string): Promise<string> {
  const holder = parsed(await readFile(lock, 'utf8').catch(() => ''))
  return holder ? `: process ${holder.pid} on ${holder.host}` : ''
}

async function requireFolder(path: string): Promise<void> {
  const folder = dirname(path)
  const found = await stat(folder).catch((error) => {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw unwritable(path, error)
    return undefined
  })
  if (found?.isDirectory()) return
  const what = found ? 'is no folder' : 'does not exist'
  throw raise(
    'T2_PARAMETERS_UNWRITABLE',
    `${path} cannot be written: the folder ${folder} ${what}.`,
  )
}

function unwritable(lock: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  return raise('T2_PARAMETERS_UNWRITABLE', `${lock} cannot be written: ${why}.`, { cause })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
