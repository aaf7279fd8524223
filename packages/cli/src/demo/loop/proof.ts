import { extname, join } from 'node:path'
import type { Json } from '@trace2/core'
import {
  baseCandidate,
  type CandidateResult,
  candidateOfProposals,
  type ExperimentResult,
  evaluate,
  guideScorer,
  replayAgent,
  startAgent,
  type TrialAgent,
  type VerdictResult,
  verdictOn,
} from '@trace2/evaluation'
import { casesOfRuns, putDataset } from '@trace2/evaluation/datasets'
import type { GateReport } from '@trace2/evaluation/gate'
import { currentParameters } from '@trace2/optimizer'
import type { Dataset, Proposal, Store } from '@trace2/store'
import { raise } from '../../errors.ts'
import type { ModelConnection } from '../agent/model.ts'
import { referenceOf, triageGuides } from '../evaluation/guides.ts'
import type { ReviewedTicket } from '../tickets/ticket.ts'
import type { DemoProgress } from './options.ts'

/** Tickets by what they are for. */
export interface SplitTickets {
  /** Those that feedback is given on and that the optimizer reads. */
  readonly train: readonly ReviewedTicket[]
  /** Those that proposals are tried on. */
  readonly validation: readonly ReviewedTicket[]
  /** Those that decide whether a proposal is better. */
  readonly holdout: readonly ReviewedTicket[]
}

/** Keeps every fourth training ticket back to try proposals on. */
export function splitTickets(
  training: readonly ReviewedTicket[],
  holdout: readonly ReviewedTicket[],
): SplitTickets {
  const isKept = (at: number) => at % 4 === 1
  return {
    train: training.filter((_, at) => !isKept(at)),
    validation: training.filter((_, at) => isKept(at)),
    holdout,
  }
}

export interface ProofOptions {
  readonly store: Store
  readonly model: ModelConnection
  readonly tickets: SplitTickets
  /** Parameters file. */
  readonly file: string
  /** Trials at the same time. Default 2: each takes a process. */
  readonly concurrency?: number
  /** Milliseconds that one trial may take. */
  readonly timeoutMs: number
  readonly progress?: (label: string) => DemoProgress
}

const dataset = 'tickets'
/** Groups of the holdout that one look opens: few, since the demo has few. */
const perLook = 5

/** Tries proposals before they are in force: on the tickets kept back, and then on the holdout. */
export class Proof {
  readonly #options: ProofOptions
  readonly #agent: TrialAgent
  readonly #cases: Dataset

  private constructor(options: ProofOptions, agent: TrialAgent, cases: Dataset) {
    this.#options = options
    this.#agent = agent
    this.#cases = cases
  }

  /** Makes cases of the stored runs on the tickets. */
  static async begin(options: ProofOptions): Promise<Proof> {
    const { store, model, tickets } = options
    const found = await casesOfRuns(store, { query: { limit: 0 }, references: 'none' })
    const places = new Map(
      (['train', 'validation', 'holdout'] as const).flatMap((split) =>
        tickets[split].map((one) => [one.ticket.id, { split, reference: referenceOf(one) }]),
      ),
    )
    const drafts = found.drafts.flatMap((draft) => {
      const place = places.get(ticketId(draft.inputs.ticket))
      return place ? [{ ...draft, ...place }] : []
    })
    await putDataset(store, dataset, drafts, { origin: found.origin })
    const parallel = Math.min(options.concurrency ?? 2, 2)
    const runner = await startAgent(
      { kind: 'module', file: agentFile, export: 'agent' },
      { parallel, timeoutMs: options.timeoutMs, environment: model.environment },
    )
    return new Proof(options, replayAgent(runner, store), await store.dataset(dataset))
  }

  /** The proposals together on the validation tickets; nothing where there are none. */
  async evaluate(proposals: readonly Proposal[]): Promise<ExperimentResult | undefined> {
    if (this.#options.tickets.validation.length === 0) return undefined
    const result = await this.#watched('Trying the proposals', async (common) =>
      evaluate({
        ...common,
        base: await this.#base(proposals),
        candidates: [candidateOfProposals(proposals)],
      }),
    )
    return whole(result)
  }

  /** Whether the proposals together are better, by as much of the holdout as it takes. */
  async verdict(proposals: readonly Proposal[]): Promise<VerdictResult> {
    const result = await this.#watched('Asking for a verdict', async (common) =>
      verdictOn({
        ...common,
        base: await this.#base(proposals),
        candidate: candidateOfProposals(proposals),
        perLook,
        // A demo of few tickets shows what a verdict is, whatever it can find.
        openHoldout: true,
      }),
    )
    return whole(result)
  }

  close(): Promise<void> {
    return this.#agent.close()
  }

  async #watched<Result>(label: string, work: (common: Common) => Promise<Result>) {
    const { store, concurrency, progress } = this.#options
    const shown = progress?.(label)
    const scorer = guideScorer(triageGuides, {
      llm: () => {
        throw new TypeError('No guide of the demo asks a model.')
      },
    })
    try {
      return await work({
        store,
        dataset: this.#cases,
        agent: this.#agent,
        scorer,
        parallel: Math.min(concurrency ?? 2, 2),
        onProgress: ({ done, total }) => shown?.update(done, total, `${done} of ${total} trials`),
      })
    } finally {
      shown?.stop()
    }
  }

  /** What is in force for all parameters. */
  async #base(proposals: readonly Proposal[]) {
    const { store, file } = this.#options
    const current = await currentParameters(store, file)
    const values: Record<string, Json> = {}
    for (const { parameter, baseValue } of proposals) values[parameter] = baseValue
    for (const [name, { value }] of current) values[name] = value
    return baseCandidate(values)
  }
}

type Common = Pick<
  Parameters<typeof verdictOn>[0],
  'store' | 'dataset' | 'agent' | 'scorer' | 'parallel' | 'onProgress'
>

/** @throws T2_DEMO_MODEL where trials had to stop: nothing in the demo but its model makes them. */
function whole<Result extends { readonly stopped: string | undefined }>(result: Result): Result {
  if (result.stopped !== undefined) throw raise('T2_DEMO_MODEL', result.stopped)
  return result
}

/** The source in a checkout, or what was built of it. */
const agentFile = join(import.meta.dirname, '../agent', `module${extname(import.meta.filename)}`)

function ticketId(ticket: unknown): string {
  return typeof ticket === 'object' && ticket !== null ? String(Reflect.get(ticket, 'id')) : ''
}

/** Calls of the agent's steps in the trials of an experiment. */
export interface TrialCalls {
  readonly trials: number
  /** Calls that ran, and those that the stored runs answered, by step. */
  readonly executed: { readonly [step: string]: number }
  readonly served: { readonly [step: string]: number }
}

export function callsOf({ rows }: CandidateResult): TrialCalls {
  const executed: Record<string, number> = {}
  const served: Record<string, number> = {}
  const trials = rows.flatMap(({ baseTrials, ownTrials }) => [...baseTrials, ...ownTrials])
  for (const { replay } of trials) {
    for (const [op, count] of Object.entries(replay?.executed ?? {}))
      executed[op] = (executed[op] ?? 0) + count
    for (const [op, count] of Object.entries(replay?.served ?? {}))
      served[op] = (served[op] ?? 0) + count
  }
  return { trials: trials.length, executed, served }
}

/** Why proposals are accepted without a verdict that they are better; nothing where they are, or must not be. */
export function reasonFor(verdict: GateReport['verdict']): string | undefined {
  if (verdict === 'better' || verdict === 'worse') return undefined
  return `The verdict is "${verdict}": accepted all the same, because this is a demo.`
}
