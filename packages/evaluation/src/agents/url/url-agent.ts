import { setTimeout as pause } from 'node:timers/promises'
import { Agent, fetch } from 'undici'
import { raise } from '../../errors.ts'
import type { AgentDefinition, AgentRunner, TrialRun, TrialTask } from '../agent.ts'
import { traceparent } from '../command/environment.ts'
import type { KnownLimits } from '../limits.ts'
import type { Inbox } from '../receiver/inbox.ts'
import { Receiver } from '../receiver/receiver.ts'
import { emptyRun } from '../runs.ts'
import { Slots } from '../slots.ts'
import { taskDocument } from '../task-document.ts'
import { answerOf } from './answer.ts'

type UrlDefinition = Extract<AgentDefinition, { readonly kind: 'url' }>

/** How long spans of a server may take: the stock exporters send every five seconds. */
const settleMs = 6_000

/** A server that takes trials by POST. */
export class UrlAgent implements AgentRunner {
  readonly description: string
  readonly #definition: UrlDefinition
  readonly #limits: KnownLimits
  readonly #slots: Slots
  readonly #receiver: Receiver | undefined
  readonly #connections: Agent

  private constructor(definition: UrlDefinition, limits: KnownLimits, receiver?: Receiver) {
    const { origin, pathname } = new URL(definition.url)
    this.description = origin + pathname
    this.#definition = definition
    this.#limits = limits
    this.#slots = new Slots(limits.parallel)
    this.#receiver = receiver
    // Left to itself it gives up after five minutes, whatever a trial may take.
    this.#connections = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  }

  /** @throws {Trace2Error} `T2_AGENT_LOAD` for what is no address, or a port that is taken. */
  static async start(definition: UrlDefinition, limits: KnownLimits): Promise<UrlAgent> {
    const { url, receiverPort } = definition
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw raise('T2_AGENT_LOAD', `${url} is no address that begins with http:// or https://.`)
    }
    const receiver = receiverPort === undefined ? undefined : await Receiver.start(receiverPort)
    return new UrlAgent(definition, limits, receiver)
  }

  async sourceHash(): Promise<null> {
    return null
  }

  run(task: TrialTask, signal?: AbortSignal): Promise<TrialRun> {
    return this.#slots.run(signal, async (stop) => {
      if (task.replay !== undefined) return emptyRun('not replayable', notReplayable)
      const inbox = this.#receiver?.open(task)
      const started = performance.now()
      const end = await this.#ask(task, stop)
      const latencyMs = performance.now() - started
      const received = await this.#received(inbox, stop)
      return { ...emptyRun('done', ''), ...end, ...received, latencyMs }
    })
  }

  async close(): Promise<void> {
    await this.#slots.close()
    await this.#connections.destroy()
    await this.#receiver?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #ask(
    task: TrialTask,
    stop: AbortSignal,
  ): Promise<Pick<TrialRun, 'outcome' | 'reason' | 'output'>> {
    const { timeoutMs } = this.#limits
    const late = AbortSignal.timeout(timeoutMs)
    const ended = (outcome: TrialRun['outcome'], reason: string) => ({
      outcome,
      reason,
      output: null,
    })
    try {
      const response = await fetch(this.#definition.url, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          ...this.#definition.headers,
          'content-type': 'application/json',
          traceparent: traceparent(task),
        },
        body: JSON.stringify({ ...taskDocument(task), parameters: task.parameters }),
        redirect: 'manual',
        dispatcher: this.#connections,
        signal: AbortSignal.any([stop, late]),
      })
      return await answerOf(response)
    } catch (error) {
      if (stop.aborted) return ended('interrupted', 'The trial was stopped.')
      if (late.aborted)
        return ended('timed out', `The agent took longer than ${timeoutMs / 1000} seconds.`)
      return ended('crashed', `${this.description} did not answer: ${causeOf(error)}.`)
    }
  }

  async #received(inbox: Inbox | undefined, stop: AbortSignal) {
    if (!inbox || !this.#receiver) return {}
    await Promise.race([
      this.#receiver.settle(inbox, settleMs),
      pause(settleMs, undefined, { signal: stop }).catch(() => {}),
    ])
    this.#receiver.drop(inbox)
    return inbox.received
  }
}

const notReplayable =
  'A server runs wholly or not at all: only an agent that is a function of a module can be replayed.'

/** `fetch failed` says nothing; what caused it does. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message
}
