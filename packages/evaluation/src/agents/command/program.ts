import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import type { TrialOutcome } from '@trace2/store'
import type { KnownLimits } from '../limits.ts'
import { Log } from '../log.ts'
import { killGroup } from '../process/group.ts'
import { watchMemory } from '../process/memory.ts'
import { longestStdout } from './output.ts'

export interface ProgramOptions {
  readonly command: readonly string[]
  readonly directory: string
  readonly environment: NodeJS.ProcessEnv
  /** What it reads on its standard input. */
  readonly input: string
  readonly limits: KnownLimits
  readonly stop: AbortSignal
}

/** A program that has ended. */
export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it was ended from here. */
  readonly ended: { readonly outcome: TrialOutcome; readonly reason: string } | undefined
  readonly stdout: Uint8Array
  /** The end of what it wrote to its standard error. */
  readonly log: Log
  readonly latencyMs: number
}

/** How long others may hold the output of a program open that has ended. */
const lastWordsMs = 200

/**
 * Runs a program without a shell, within its limits. What it has started and left behind is ended with it.
 *
 * @throws {Error} of Node where it cannot be started.
 */
export async function runProgram(options: ProgramOptions): Promise<Finished> {
  const { limits, stop } = options
  const [file = '', ...args] = options.command
  const started = performance.now()
  const child = spawn(file, args, {
    cwd: options.directory,
    env: options.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, which is ended as one.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const chunks: Uint8Array[] = []
  let bytes = 0
  let ended: Finished['ended']
  const kill = (outcome: TrialOutcome, reason: string) => {
    ended ??= { outcome, reason }
    killGroup(child)
  }
  const log = new Log()
  child.stderr.on('data', (chunk: Uint8Array) => log.add(chunk))
  child.stdout.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength
    if (bytes <= longestStdout) chunks.push(chunk)
    else kill('bad output', `It wrote more than ${longestStdout} bytes to its standard output.`)
  })
  // It need not read what it is given.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input)

  const onStop = () => kill('interrupted', 'The trial was stopped.')
  stop.addEventListener('abort', onStop, { once: true })
  const timer = setTimeout(() => {
    kill('timed out', `The agent took longer than ${limits.timeoutMs / 1000} seconds.`)
  }, limits.timeoutMs)
  const unwatch = watchMemory(child.pid ?? 0, limits.memoryMb, (mb) => {
    const reason = `The agent took ${Math.round(mb)} MiB of memory; ${limits.memoryMb} are allowed.`
    kill('out of memory', reason)
  })
  try {
    const closed = new Promise((done) => child.once('close', done))
    await new Promise((done, fail) => {
      child.once('exit', done)
      child.once('error', fail)
    })
    const latencyMs = performance.now() - started
    killGroup(child)
    await Promise.race([closed, pause(lastWordsMs)])
    const { exitCode: code, signalCode: signal } = child
    return { code, signal, ended, stdout: Buffer.concat(chunks), log, latencyMs }
  } finally {
    clearTimeout(timer)
    unwatch()
    stop.removeEventListener('abort', onStop)
  }
}
