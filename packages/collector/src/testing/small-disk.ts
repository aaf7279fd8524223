import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

/** A place whose space can be used up, for a collector that runs in `within`. */
export interface SmallDisk {
  readonly kind: 'file system of its own' | 'limit on files'
  readonly db: string
  readonly within: readonly string[]
  /** Uses up the space, but for so many bytes. */
  fill(pid: number, what: 'journal' | 'database' | 'both', leave?: number): void
  /** Gives it back; all of it, where nothing is named. */
  clear(pid: number, what?: 'journal' | 'database'): void
  /** The same path as seen from here. */
  seen(pid: number, path: string): string
}

const MOUNT = `
  mount -t tmpfs -o size=128m trace2 "$1" && mkdir "$1/x.duckdb.journal" &&
  mount -t tmpfs -o size=32m trace2 "$1/x.duckdb.journal" && shift && exec "$@"`

/**
 * A file system in memory for the database and one for its journal, where a user may mount one in a name space of their
 * own; else a limit on the size of files, which every process may have. `undefined` where there is neither.
 */
export function smallDisk(directory: string): SmallDisk | undefined {
  mkdirSync(directory, { recursive: true })
  const db = join(directory, 'x.duckdb')
  if (works('unshare', '-rm', 'mount', '-t', 'tmpfs', 'trace2', directory)) {
    return { ...tmpfs(directory), db }
  }
  return works('prlimit', '--fsize=1000:', 'true')
    ? { ...limit(`${db}.journal/data.mdb`), db }
    : undefined
}

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function tmpfs(directory: string): Omit<SmallDisk, 'db'> {
  const seen = (pid: number, path: string) => `/proc/${pid}/root${path}`
  const places = { database: directory, journal: join(directory, 'x.duckdb.journal') }
  const ballast = (pid: number, place: string) => join(seen(pid, place), 'ballast')
  return {
    kind: 'file system of its own',
    within: ['unshare', '-rm', 'sh', '-c', MOUNT, 'sh', directory],
    seen,
    fill: (pid, what, leave = 0) => {
      for (const place of what === 'both' ? Object.values(places) : [places[what]]) {
        const path = ballast(pid, place)
        const size = use(path)
        if (leave > 0) truncateSync(path, Math.max(size - Math.round(leave), 0))
      }
    },
    clear: (pid, what) => {
      for (const place of what ? [places[what]] : Object.values(places))
        rmSync(ballast(pid, place), { force: true })
    },
  }
}

/** Writes until nothing more goes in. Returns how much went in, which the last attempt may have done in part. */
function use(path: string): number {
  for (const chunk of [1024 * 1024, 4096]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(chunk))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    }
  }
  return statSync(path).size
}

function limit(journal: string): Omit<SmallDisk, 'db'> {
  const set = (pid: number, bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
  return {
    kind: 'limit on files',
    within: [],
    seen: (_, path) => path,
    // No file can grow beyond what the journal has.
    fill: (pid) => void set(pid, statSync(journal).size),
    clear: (pid) => void set(pid, 'unlimited'),
  }
}
