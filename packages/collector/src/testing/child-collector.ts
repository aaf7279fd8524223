import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface ChildCollector {
  readonly child: ChildProcess
  readonly url: string
  /** Resident memory in MB. */
  rss(): number
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
  /** Where what it writes about itself would only be noise. */
  readonly quiet?: boolean
}

const program = `
  import { startCollector } from '@trace2/collector'
  const options = JSON.parse(process.argv[2])
  const collector = await startCollector({ db: process.argv[1], port: 0, ...options })
  process.once('SIGTERM', () => collector.close().then(() => process.exit(0)))
  console.log(collector.url)`

/** A collector in a process of its own, which can be killed, and whose memory is its own. */
export async function startChildCollector(given: ChildOptions): Promise<ChildCollector> {
  const { db, options = {}, within = [], quiet = false } = given
  const node = [process.execPath, '--input-type=module', '-e', program, db, JSON.stringify(options)]
  const [command = '', ...args] = [...within, ...node]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'] })
  const exited = once(child, 'exit')
  const gone = exited.then(() => Promise.reject(new Error('The collector did not start.')))
  const lines = createInterface(child.stdout)
  const [line] = await Promise.race([once(lines, 'line'), gone])
  gone.catch(() => undefined)
  const url = String(line)
  return {
    child,
    url,
    rss: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)])) / 1024,
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
