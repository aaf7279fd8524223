import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** What tells a process from all others: its number alone may be another's by now. */
export interface ProcessMark {
  readonly pid: number
  readonly host: string
  /** When it started, as its system counts. */
  readonly started: string
  /** What the numbers of processes are counted in: one start of one system, and one container of it. */
  readonly boot: string
  readonly space: string
  /** Id of the installation of the system; empty if it has none. */
  readonly machine: string
}

let own: ProcessMark | undefined

/** The mark of this process. */
export function ownMark(): ProcessMark {
  own ??= {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid) ?? '',
    ...countedIn(),
  }
  return own
}

/** Reads a mark from a parsed value; `undefined` if it is none. */
export function markOf(value: unknown): ProcessMark | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const pid: unknown = Reflect.get(value, 'pid')
  const texts = ['host', 'started', 'boot', 'space', 'machine'].map((name): unknown =>
    Reflect.get(value, name),
  )
  if (!Number.isSafeInteger(pid) || Number(pid) <= 0) return undefined
  if (!texts.every((text) => typeof text === 'string')) return undefined
  const [host = '', started = '', boot = '', space = '', machine = ''] = texts
  return { pid: Number(pid), host, started, boot, space, machine }
}

/** Whether it is proven that a process has ended. */
export function isGone({ pid, host, started, boot, space, machine }: ProcessMark): boolean {
  const here = ownMark()
  if (boot !== here.boot) return machine !== '' && machine === here.machine && host === here.host
  // Another container, or without any count another machine, has processes of its own.
  if (space !== here.space || (boot === '' && host !== here.host)) return false
  if (!isThere(pid)) return true
  const now = startOf(pid)
  return now !== undefined && started !== '' && now !== started
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/** When a process started. A process that has ended and is still listed has no start. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return startByCommand(pid)
  const stat = textOf(`/proc/${pid}/stat`)
  // The name of the program comes second, in brackets, and may hold anything.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (stat === '') return undefined
  return state === 'Z' || state === 'X' ? 'ended' : rest[18]
}

function startByCommand(pid: number): string | undefined {
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
    const answer = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return answer.trim() || undefined
  } catch {
    return undefined
  }
}

function countedIn(): Pick<ProcessMark, 'boot' | 'space' | 'machine'> {
  if (process.platform !== 'linux') return { boot: '', space: '', machine: '' }
  return {
    boot: textOf('/proc/sys/kernel/random/boot_id'),
    space: linkOf('/proc/self/ns/pid'),
    machine: textOf('/etc/machine-id'),
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
