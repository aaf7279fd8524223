import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { raise } from '../../errors.ts'
import type { AgentDefinition, AgentRunner, TrialRun, TrialTask } from '../agent.ts'
import type { KnownLimits } from '../limits.ts'
import { interruptedRun } from '../runs.ts'
import { Slots } from '../slots.ts'
import { AgentProcess } from './agent-process.ts'
import { isLoadersFault, type Loader, loadersFor } from './loaders.ts'
import { moduleHash } from './source-hash.ts'

type ModuleDefinition = Extract<AgentDefinition, { readonly kind: 'module' }>

/** A function of a module, run in processes that are started when they are needed and kept for the next trial. */
export class ModuleAgent implements AgentRunner {
  readonly description: string
  readonly #definition: ModuleDefinition
  readonly #directory: string
  readonly #file: string
  readonly #limits: KnownLimits
  readonly #slots: Slots
  readonly #idle: AgentProcess[] = []
  readonly #processes = new Set<AgentProcess>()
  #loaders: readonly Loader[]

  constructor(definition: ModuleDefinition, limits: KnownLimits) {
    this.#definition = definition
    this.#directory = resolve(definition.directory ?? '')
    this.#file = resolve(this.#directory, definition.file)
    this.#limits = limits
    this.#slots = new Slots(limits.parallel)
    this.description = `${placeIn(this.#directory, this.#file)}#${definition.export}`
    if (!existsSync(this.#file)) throw raise('T2_AGENT_LOAD', `There is no file ${this.#file}.`)
    this.#loaders = loadersFor(this.#file)
  }

  sourceHash(): Promise<string> {
    return moduleHash(this.#file)
  }

  run(task: TrialTask, signal?: AbortSignal): Promise<TrialRun> {
    return this.#slots.run(signal, async (stop) => {
      const process = await this.#take()
      const run = stop.aborted ? interruptedRun() : await process.run(task, stop)
      this.#giveBack(process)
      return run
    })
  }

  async close(): Promise<void> {
    await this.#slots.close()
    await Promise.all([...this.#processes].map((process) => process.end()))
    this.#processes.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #take(): Promise<AgentProcess> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.isReady) return idle
      this.#drop(idle)
    }
    return this.#start()
  }

  #giveBack(process: AgentProcess): void {
    if (process.isReady && !this.#slots.isClosed) this.#idle.push(process)
    else this.#drop(process)
  }

  #drop(process: AgentProcess): void {
    this.#processes.delete(process)
    void process.end()
  }

  async #start(): Promise<AgentProcess> {
    const [loader = [], ...others] = this.#loaders
    const started = await AgentProcess.start({
      file: this.#file,
      export: this.#definition.export,
      directory: this.#directory,
      environment: this.#environment(),
      loader,
      limits: this.#limits,
    })
    if (started instanceof AgentProcess) {
      this.#processes.add(started)
      return started
    }
    if (others.length > 0 && isLoadersFault(started.code)) {
      this.#loaders = others
      return this.#start()
    }
    throw raise(
      'T2_AGENT_LOAD',
      `The agent ${this.description} cannot be loaded: ${started.reason}`,
    )
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...this.#limits.environment,
      // Values come with each trial; a file that `start` watches would replace them.
      TRACE2_PARAMETERS: join(this.#directory, noFile),
      // Spans of trials do not belong where those of production go.
      OTEL_TRACES_EXPORTER: 'none',
    }
  }
}

/** Nobody has it. */
const noFile = '.trace2-no-parameters-of-a-trial.json'

/** A path as the project knows it, so that an agent is called the same on every machine. */
function placeIn(directory: string, file: string): string {
  const place = relative(directory, file).replaceAll('\\', '/')
  return place.startsWith('.') ? place : `./${place}`
}
