import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface ChildCollector {
  readonly child: ChildProcess
  readonly url: string
  /** Memory of its own in MB: pages of the journal that the system has in its cache are not. */
  rss(): number
  /** Processor time that it and its children have used, in milliseconds: what counts on a machine that others use too. */
  cpu(): number
  /** Calls a method of the store over HTTP. */
  call(method: string, ...args: unknown[]): Promise<unknown>
  /** Asks it to end as an operator would, and waits until it has. Returns its exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
}

export interface ChildOptions {
  readonly db: string
  /** Further options of `startCollector`, as JSON has them. */
  readonly options?: object
  /** Command that runs the program that follows it: `['unshare', '-rm', …]`. */
  readonly within?: readonly string[]
  /** By how many hours its clock is wrong; SIGUSR2 puts it back by twelve more. */
  readonly clockHours?: number
  /** Where what it writes about itself would only be noise. */
  readonly quiet?: boolean
}

const program = `
  const now = Date.now
  let hours = Number(process.argv[3])
  Date.now = () => now() + hours * 3_600_000
  process.on('SIGUSR2', () => { hours -= 12 })
  import { startCollector } from '@trace2/collector'
  const options = JSON.parse(process.argv[2])
  const collector = await startCollector({ db: process.argv[1], port: 0, ...options })
  process.once('SIGTERM', () => collector.close().then(() => process.exit(0)))
  console.log(collector.url)`

/** The command that runs a collector, which prints its address when it takes requests. */
export function collectorCommand(given: ChildOptions): [string, ...string[]] {
  const { db, options = {}, within = [], clockHours = 0 } = given
  const args = [db, JSON.stringify(options), String(clockHours)]
  const node = [process.execPath, '--input-type=module', '-e', program, ...args]
  const [command = '', ...rest] = [...within, ...node]
  return [command, ...rest]
}

/** A collector in a process of its own, which can be killed, and whose memory is its own. */
export async function startChildCollector(given: ChildOptions): Promise<ChildCollector> {
  const [command, ...rest] = collectorCommand(given)
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', given.quiet ? 'ignore' : 'inherit'],
  })
  const exited = once(child, 'exit')
  const gone = exited.then(() => Promise.reject(new Error('The collector did not start.')))
  const lines = createInterface(child.stdout)
  const [line] = await Promise.race([once(lines, 'line'), gone])
  gone.catch(() => undefined)
  const url = String(line)
  return {
    child,
    url,
    rss: () => {
      const status = `/proc/${child.pid}/status`
      const own = existsSync(status) && /RssAnon:\s*(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]
      return Number(own || execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)])) / 1024
    },
    cpu: () => {
      // User and system time, of itself and of children that have ended, in hundredths of a second.
      if (!existsSync('/proc/self/stat')) return Number.POSITIVE_INFINITY
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return 10 * fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
    },
    call: async (method, ...callArgs) => {
      const response = await fetch(`${url}/api/v1/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(callArgs),
      })
      return response.json()
    },
    stop: async () => {
      child.kill('SIGTERM')
      await exited
      return child.exitCode
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** How long and how often faults are tried: `TRACE2_FAULTS=100` is the full length, 3 that of every build. */
export const FAULTS = Number(process.env.TRACE2_FAULTS ?? 3)
export const FULL_LENGTH = FAULTS >= 100
