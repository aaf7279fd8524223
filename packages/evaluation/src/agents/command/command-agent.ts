import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { raise } from '../../errors.ts'
import type { AgentDefinition, AgentRunner, TrialRun, TrialTask } from '../agent.ts'
import type { KnownLimits } from '../limits.ts'
import { printableLine } from '../log.ts'
import { endText } from '../process/group.ts'
import { Receiver } from '../receiver/receiver.ts'
import { emptyRun } from '../runs.ts'
import { Slots } from '../slots.ts'
import { taskDocument } from '../task-document.ts'
import { commandHash } from './command-hash.ts'
import { commandEnvironment } from './environment.ts'
import { commandOutput } from './output.ts'
import { type Finished, runProgram } from './program.ts'

type CommandDefinition = Extract<AgentDefinition, { readonly kind: 'command' }>

/** How long spans of a process that has ended may still be on their way. */
const settleMs = 50

/** A program in any language, started once for each trial. */
export class CommandAgent implements AgentRunner {
  readonly description: string
  readonly #command: readonly string[]
  readonly #directory: string
  readonly #limits: KnownLimits
  readonly #slots: Slots
  readonly #receiver: Receiver

  private constructor(definition: CommandDefinition, limits: KnownLimits, receiver: Receiver) {
    this.description = definition.command.join(' ')
    this.#command = definition.command
    this.#directory = resolve(definition.directory ?? '')
    this.#limits = limits
    this.#slots = new Slots(limits.parallel)
    this.#receiver = receiver
  }

  /** @throws {Trace2Error} `T2_AGENT_LOAD` for a command without words. */
  static async start(definition: CommandDefinition, limits: KnownLimits): Promise<CommandAgent> {
    if (!definition.command[0]) throw raise('T2_AGENT_LOAD', 'The command of the agent is empty.')
    return new CommandAgent(definition, limits, await Receiver.start())
  }

  sourceHash(): Promise<string> {
    return commandHash(this.#command, this.#directory)
  }

  run(task: TrialTask, signal?: AbortSignal): Promise<TrialRun> {
    return this.#slots.run(signal, async (stop) => {
      if (task.replay !== undefined) return emptyRun('not replayable', notReplayable)
      const directory = await privateDirectory()
      try {
        return await this.#run(task, stop, join(directory, 'trace2.parameters.json'))
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
    })
  }

  async close(): Promise<void> {
    await this.#slots.close()
    await this.#receiver.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #run(task: TrialTask, stop: AbortSignal, parameters: string): Promise<TrialRun> {
    await writeFile(parameters, parametersText(task), { mode: 0o600 })
    const { endpoint } = this.#receiver
    const inherited = { ...process.env, ...this.#limits.environment }
    const inbox = this.#receiver.open(task)
    const finished = await runProgram({
      command: this.#command,
      directory: this.#directory,
      environment: commandEnvironment(inherited, task, { endpoint, parameters }),
      input: JSON.stringify(taskDocument(task)),
      limits: this.#limits,
      stop,
    }).catch((error: unknown) => {
      this.#receiver.drop(inbox)
      throw this.#notStarted(error)
    })
    await this.#receiver.settle(inbox, settleMs)
    return {
      ...emptyRun('done', ''),
      ...endOf(finished),
      ...inbox.received,
      latencyMs: finished.latencyMs,
      log: finished.log.text,
    }
  }

  #notStarted(error: unknown) {
    const why = error instanceof Error ? error.message : String(error)
    const what = `The command ${this.description} cannot be started in ${this.#directory}: ${why}.`
    return raise('T2_AGENT_LOAD', what, { cause: error })
  }
}

async function privateDirectory(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'trace2-trial-'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const what = `No directory can be made for the parameters of a trial: ${why}.`
    throw raise('T2_AGENT_LOAD', what, { cause: error })
  }
}

const notReplayable =
  'A command runs wholly or not at all: only an agent that is a function of a module can be replayed.'

function parametersText({ parameters }: TrialTask): string {
  const entries = Object.entries(parameters).map(([name, value]) => [name, { value }])
  return `${JSON.stringify({ trace2: 1, parameters: Object.fromEntries(entries) }, null, 2)}\n`
}

function endOf(finished: Finished): Pick<TrialRun, 'outcome' | 'reason' | 'output'> {
  const { code, signal, ended, log, stdout } = finished
  if (ended) return { ...ended, output: null }
  const said = printableLine(log.lastLine)
  const last = said === '' ? '' : `: ${said}`
  if (signal !== null) {
    const reason = `The agent was ended by ${endText(code, signal)}${last}${killedHint(signal)}`
    return { outcome: 'crashed', reason, output: null }
  }
  if (code !== 0) {
    return {
      outcome: 'failed',
      reason: `The agent ended with ${endText(code, signal)}${last}`,
      output: null,
    }
  }
  const output = commandOutput(stdout)
  return 'fault' in output
    ? {
        outcome: 'bad output',
        reason: printableLine(`The agent ended well, but ${output.fault}.`),
        output: null,
      }
    : { outcome: 'done', reason: null, output: output.output }
}

/** Nothing but the system, out of memory, or a person ends a process so. */
function killedHint(signal: NodeJS.Signals): string {
  return signal === 'SIGKILL' ? ' (as the system does when it runs out of memory)' : ''
}
