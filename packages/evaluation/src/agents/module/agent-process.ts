import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { TrialOutcome } from '@trace2/store'
import { decodeTraces } from '@trace2/store/otlp'
import type { TrialRun, TrialTask } from '../agent.ts'
import { compiledFile } from '../compiled.ts'
import type { KnownLimits } from '../limits.ts'
import { Log } from '../log.ts'
import { endText, killGroup } from '../process/group.ts'
import { watchMemory } from '../process/memory.ts'
import type { Loader } from './loaders.ts'
import {
  type DyingMessage,
  isWorkerMessage,
  type ResultMessage,
  type SentSpans,
  type TrialMessage,
  type UnloadableMessage,
  type WorkerMessage,
} from './messages.ts'

const entry = fileURLToPath(compiledFile(import.meta.url, '../worker/entry.js'))

/** What Node itself takes beside the heap, in MiB. */
const ofNodeMb = 128
/** Part of its memory that a process may hold after a trial and be given another. */
const fullAt = 0.8
/** How long an ended process may take to hand over what it wrote. */
const lastWordsMs = 200
/** How long an idle process may take to end by itself. */
const goodbyeMs = 500

export interface AgentProcessOptions {
  readonly file: string
  readonly export: string
  readonly directory: string
  readonly environment: NodeJS.ProcessEnv
  readonly loader: Loader
  readonly limits: KnownLimits
}

/** Why the process of a trial was ended from here. */
interface Killed {
  readonly outcome: TrialOutcome
  readonly reason: string
}

/** One process of an agent's module: takes one trial at a time until it is spent. */
export class AgentProcess {
  readonly #child: ChildProcess
  readonly #limits: KnownLimits
  readonly #log = new Log()
  #killed: Killed | undefined
  /** Takes what the process says, and `undefined` when it has ended. */
  #take: ((message: WorkerMessage | undefined) => void) | undefined
  #trials = 0
  #isSpent = false

  private constructor(child: ChildProcess, limits: KnownLimits) {
    this.#child = child
    this.#limits = limits
    child.stdout?.on('data', (chunk: Uint8Array) => this.#log.add(chunk))
    child.stderr?.on('data', (chunk: Uint8Array) => this.#log.add(chunk))
    child.on('message', (message) => {
      if (isWorkerMessage(message)) this.#take?.(message)
    })
    const onEnd = () => {
      this.#isSpent = true
      killGroup(child)
      // Others may hold its output open; what it wrote itself comes at once.
      void Promise.race([once(child, 'close'), pause(lastWordsMs)]).then(() =>
        this.#take?.(undefined),
      )
    }
    child.once('exit', onEnd)
    child.once('error', onEnd)
  }

  /** Starts a process and has it load the module. Gives why where it cannot. */
  static async start(
    options: AgentProcessOptions,
  ): Promise<AgentProcess | Omit<UnloadableMessage, 'type'>> {
    const { limits } = options
    const child = fork(entry, [options.file, options.export], {
      cwd: options.directory,
      env: options.environment,
      execArgv: [...options.loader, `--max-old-space-size=${Math.ceil(limits.memoryMb)}`],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own, which is ended as one.
      detached: true,
    })
    const agent = new AgentProcess(child, limits)
    const answer = await agent.#next(limits.timeoutMs + loadingMs)
    if (answer?.type === 'ready') {
      agent.#log.clear()
      return agent
    }
    const unloadable = answer?.type === 'unloadable' ? answer : undefined
    killGroup(child)
    const log = agent.#log.text.trim()
    const reason =
      unloadable?.reason ??
      `The process ended while it loaded the module: ${agent.#killed?.reason ?? agent.#endText()}.`
    return { code: unloadable?.code, reason: log === '' ? reason : `${reason} It wrote: ${log}` }
  }

  /** Whether it takes another trial. */
  get isReady(): boolean {
    return !this.#isSpent && this.#trials < this.#limits.trialsPerProcess
  }

  get #hasEnded(): boolean {
    const { exitCode, signalCode, pid } = this.#child
    return exitCode !== null || signalCode !== null || pid === undefined
  }

  async run(task: TrialTask, signal: AbortSignal | undefined): Promise<TrialRun> {
    this.#trials++
    this.#log.clear()
    const started = performance.now()
    const stop = () => this.#kill('interrupted', 'The trial was stopped.')
    signal?.addEventListener('abort', stop, { once: true })
    try {
      this.#child.send(messageOf(task), () => {})
      const answer = await this.#next(this.#limits.timeoutMs)
      // What was written before the answer is read by now, or in the turn after this one.
      await nextTurn()
      if (answer?.type === 'result' && !this.#killed) return this.#result(answer)
      this.#isSpent = true
      return this.#lost(answer?.type === 'dying' ? answer : undefined, performance.now() - started)
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  /** Ends the process, and what it has started. */
  async end(): Promise<void> {
    this.#isSpent = true
    const child = this.#child
    if (this.#hasEnded) return
    const ended = once(child, 'exit')
    if (child.connected) child.disconnect()
    const timer = setTimeout(() => killGroup(child), goodbyeMs)
    await ended
    clearTimeout(timer)
  }

  #result(answer: ResultMessage): TrialRun {
    if (answer.residentMb > fullAt * (this.#limits.memoryMb + ofNodeMb)) this.#isSpent = true
    return {
      outcome: answer.outcome,
      reason: answer.reason,
      output: JSON.parse(answer.output),
      latencyMs: answer.latencyMs,
      ...spansOf(answer),
      unclaimed: answer.unclaimed,
      report: JSON.parse(answer.report),
      log: this.#log.text,
    }
  }

  /** A trial whose process has ended. */
  #lost(dying: DyingMessage | undefined, latencyMs: number): TrialRun {
    const ended = this.#killed ??
      this.#outOfMemory() ?? {
        outcome: 'crashed' as const,
        reason: dying?.reason ?? `The process of the agent ended: ${this.#endText()}.`,
      }
    const spans = dying
      ? spansOf(dying)
      : { spans: [], incomplete: 'its process ended before they were handed over' }
    const nothing = { output: null, unclaimed: null, report: null }
    return { ...ended, ...nothing, ...spans, latencyMs, log: this.#log.text }
  }

  #outOfMemory(): Killed | undefined {
    if (!/heap out of memory|Allocation failed/.test(this.#log.text)) return undefined
    const reason = `The agent took more than ${this.#limits.memoryMb} MiB of memory.`
    return { outcome: 'out of memory', reason }
  }

  #endText(): string {
    return endText(this.#child.exitCode, this.#child.signalCode)
  }

  #kill(outcome: TrialOutcome, reason: string): void {
    this.#killed ??= { outcome, reason }
    this.#isSpent = true
    killGroup(this.#child)
  }

  /** The next message; of a process that ends, its last words, or `undefined`. */
  async #next(timeoutMs: number): Promise<WorkerMessage | undefined> {
    let last: WorkerMessage | undefined
    const unwatch = watchMemory(this.#child.pid ?? 0, this.#limits.memoryMb + ofNodeMb, (mb) => {
      const reason = `The agent took ${Math.round(mb)} MiB of memory; ${this.#limits.memoryMb} are allowed.`
      this.#kill('out of memory', reason)
    })
    const timer = setTimeout(() => {
      this.#kill('timed out', `The agent took longer than ${timeoutMs / 1000} seconds.`)
    }, timeoutMs)
    try {
      return await new Promise((resolve) => {
        this.#take = (message) => {
          if (!message) resolve(last)
          else if (message.type === 'dying') last = message
          else resolve(message)
        }
        if (this.#hasEnded) this.#take(undefined)
      })
    } finally {
      clearTimeout(timer)
      unwatch()
      this.#take = undefined
    }
  }
}

/** What loading may take beside what a trial may. */
const loadingMs = 30_000

function messageOf(task: TrialTask): TrialMessage {
  return {
    type: 'trial',
    traceId: task.traceId,
    spanId: task.spanId,
    inputs: JSON.stringify(Object.values(task.inputs)),
    parameters: JSON.stringify(task.parameters),
    replay: task.replay === undefined ? undefined : JSON.stringify(task.replay),
    answers: task.answers,
  }
}

function spansOf({ otlp, incomplete }: SentSpans): Pick<TrialRun, 'spans' | 'incomplete'> {
  return { spans: decodeTraces(otlp, 'protobuf').spans, incomplete }
}
