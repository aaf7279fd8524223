import { randomUUID } from 'node:crypto'
import type { Json } from '@trace2/core'
import type { Candidate, Case, Look, Store, StoredVerdict, Trial } from '@trace2/store'
import { raise } from '../errors.ts'
import { freshGroups, Gate, type GateReport, type Guard, type PairedCase } from '../gate/index.ts'
import { type ExperimentSpending, Spending } from './budget.ts'
import { Claims } from './claims.ts'
import { casesOf, checkCandidates, type EvaluateOptions, type ExperimentStore } from './evaluate.ts'
import {
  type GateSettings,
  gateOptions,
  metricName,
  usualAlpha,
  watchable,
} from './gate-settings.ts'
import { ledgerOf, lookForDecision, settle, testOf } from './looks.ts'
import { closeExperiment, openExperiment } from './open.ts'
import { type CaseGroup, groupsInOrder } from './order.ts'
import { isCorrectedOnly, pairTrials } from './pairs.ts'
import { runTrials } from './run-trials.ts'
import { type CandidateResult, candidateResult } from './summary.ts'
import { planOf, unchosen, type VerdictPlan } from './verdict-plan.ts'

export type VerdictStore = ExperimentStore & Pick<Store, 'addVerdict' | 'verdicts'>

export interface VerdictOptions
  extends Omit<EvaluateOptions, 'store' | 'split' | 'candidates' | 'limit'> {
  readonly store: VerdictStore
  readonly candidate: Candidate
  /** Stored runs that the candidate was learned from: it looks better on them than it is. */
  readonly learnedFrom?: ReadonlySet<string>
  /** Groups of the holdout that one look opens. Default 10. */
  readonly perLook?: number
  /** Is told what deciding may take, before anything is paid for. */
  readonly onPlan?: (plan: VerdictPlan) => void
  /** Is told of each look. */
  readonly onLook?: (report: GateReport) => void
}

export interface VerdictResult {
  readonly verdict: StoredVerdict
  readonly report: GateReport
  readonly result: CandidateResult
  /** Looks that this verdict rests on. */
  readonly looks: readonly Look[]
  /** Groups of the holdout that no decision has read, and the error budget that is left. */
  readonly freshLeft: number
  readonly budgetLeft: number
  readonly plan: VerdictPlan
  /** Guards that nothing could be seen of. */
  readonly blindGuards: readonly string[]
  readonly spent: ExperimentSpending
  readonly stopped: string | undefined
}

const usualPerLook = 10

/**
 * Decides whether a candidate is better than the base on the holdout: opens a few groups at a time, and stops as soon as the
 * gate has decided or going on is hopeless. Each look is written down before it is taken. Asked again, it goes on from the
 * looks that it has had.
 *
 * @throws T2_DATASET_SPLIT, T2_CANDIDATE, T2_LEDGER_SPENT
 */
export async function verdictOn(options: VerdictOptions): Promise<VerdictResult> {
  const claims = new Claims(options)
  try {
    return await new Decision(options, claims).decide()
  } finally {
    await claims.release()
  }
}

class Decision {
  readonly #options: VerdictOptions
  readonly #claims: Claims
  readonly #settings: GateSettings
  readonly #spending = new Spending()
  #trials: readonly Trial[] = []
  #stopped: string | undefined
  #unused: string | undefined
  /** Whether only those runs can be judged that somebody corrected. */
  #isOneSided = false

  constructor(options: VerdictOptions, claims: Claims) {
    this.#options = options
    this.#claims = claims
    this.#settings = options.gate ?? {}
  }

  async decide(): Promise<VerdictResult> {
    const { store, dataset, base, candidate, agent, scorer, repeats = 1, seed = 1 } = this.#options
    checkCandidates(base, [candidate])
    const { groups, chosen } = unchosen(
      groupsInOrder(casesOf(dataset, 'holdout'), seed),
      this.#options.learnedFrom ?? new Set(),
    )
    const { experiment, sample } = await openExperiment({
      store,
      dataset,
      split: 'holdout',
      candidates: [base, candidate],
      agent,
      scorer,
      repeats,
      seed,
      again: this.#options.again ?? false,
      claims: this.#claims,
      measure: decidingBy(this.#settings),
    })
    const test = testOf({ candidate: candidate.id, experiment: experiment.id })
    const alpha = this.#settings.alpha ?? usualAlpha
    const before = ledgerOf(await store.looks(dataset.name), alpha)
    const own = new Set(
      before.looks
        .filter((look) => look.candidate === test && look.split === 'holdout')
        .flatMap((look) => look.groups),
    )
    const names = groups.map(({ group }) => group)
    const fresh = new Set(freshGroups(before, 'holdout', names))
    // What this candidate has been looked at with comes first again, then what nobody has read.
    const rank = ({ group }: CaseGroup) => (own.has(group) ? 0 : fresh.has(group) ? 1 : 2)
    const ordered = groups.toSorted((a, b) => rank(a) - rank(b))
    const { worth } = gateOptions(this.#settings, agent.mode, ordered.length)
    const plan = planOf(ordered, fresh.size, chosen, worth)
    this.#options.onPlan?.(plan)

    const looked = { dataset, split: 'holdout' as const, experiment: experiment.id }
    const affordable = await this.#affordable(experiment.id, ordered.length)
    const { perLook = usualPerLook } = this.#options
    let gate: Gate | undefined
    let guards: readonly Guard[] = []
    let blind: readonly string[] = []
    let last: Look | undefined
    let report: GateReport | undefined
    let opened: readonly CaseGroup[] = []
    for (let from = 0; from < affordable; from += perLook) {
      const next = ordered.slice(from, Math.min(from + perLook, affordable))
      const { grant, look } = await lookForDecision(
        store,
        { ...looked, candidate: candidate.id, groups: next.map(({ group }) => group) },
        alpha,
      )
      last = look
      opened = [...opened, ...next]
      const pairs = await this.#trialsOf(experiment, next, opened, sample)
      if (!gate) {
        const usual = gateOptions({ ...this.#settings, affordable }, agent.mode, ordered.length)
        const seen = watchable(usual.guards, pairs)
        guards = seen.guards
        blind = seen.blind
        const basis = this.#isOneSided ? 'chose the candidate' : grant.basis
        gate = new Gate({ ...usual, guards, alpha: grant.alpha, basis })
      }
      report = pairs.length === 0 ? gate.report : gate.look(pairs)
      this.#options.onLook?.(report)
      if (this.#stopped !== undefined || report.advice !== 'go on') break
    }
    if (!last || !report) throw raise('T2_DATASET_SPLIT', 'The holdout has no case to decide on.')
    return this.#close(experiment, report, last, { opened, plan, blind })
  }

  /** How many groups the test is planned for: what its first look said, since a plan must not follow what was seen. */
  async #affordable(experiment: string, available: number): Promise<number> {
    const { store, agent } = this.#options
    const earlier = (await store.verdicts({ experiment })).at(-1)
    const planned = earlier && plannedIn(earlier)
    const wanted = gateOptions(this.#settings, agent.mode, available).affordable
    return Math.min(planned ?? wanted, available)
  }

  async #trialsOf(
    experiment: Parameters<typeof runTrials>[0]['experiment'],
    groups: readonly CaseGroup[],
    opened: readonly CaseGroup[],
    sample: number,
  ): Promise<readonly PairedCase[]> {
    const { store, agent, scorer, budget = {}, parallel = 4, signal, answers } = this.#options
    const { onProgress } = this.#options
    const spent = this.#spending.total
    const before = spent.trials
    const { trials, stopped, unused } = await runTrials({
      store,
      experiment: {
        ...experiment,
        cases: opened.flatMap(({ cases }) => cases.map(({ id }) => id)),
      },
      groups,
      agent,
      scorer,
      metric: metricName(this.#settings),
      budget: lessSpent(budget, spent),
      parallel,
      sample,
      ...(signal ? { signal } : {}),
      ...(answers === undefined ? {} : { answers }),
      ...(onProgress
        ? {
            onProgress: (progress) =>
              onProgress({
                ...progress,
                spent: { ...progress.spent, trials: before + progress.spent.trials },
              }),
          }
        : {}),
    })
    for (const trial of trials) this.#spending.add(trial)
    this.#trials = [...this.#trials, ...trials]
    this.#stopped ??= stopped
    this.#unused = unused.get(this.#options.candidate.id)
    const cases = casesById(groups)
    const { pairs, excluded } = pairTrials(trials, cases, this.#options.candidate.id)
    this.#isOneSided ||= isCorrectedOnly(excluded, pairs, cases)
    // A group that is not whole is no piece of evidence.
    if (stopped === undefined) return pairs
    return []
  }

  async #close(
    experiment: Parameters<typeof closeExperiment>[1],
    report: GateReport,
    last: Look,
    told: {
      readonly opened: readonly CaseGroup[]
      readonly plan: VerdictPlan
      readonly blind: readonly string[]
    },
  ): Promise<VerdictResult> {
    const { store, dataset, candidate, agent } = this.#options
    const alpha = this.#settings.alpha ?? usualAlpha
    const cases = casesById(told.opened)
    const closed = await closeExperiment(
      store,
      { ...experiment, cases: [...cases.keys()] },
      this.#stopped,
    )
    await settle(store, last, report.verdict)
    const metric = metricName(this.#settings)
    const affordable = await this.#affordable(closed.id, told.plan.groups)
    const verdict: StoredVerdict = {
      id: `v-${randomUUID()}`,
      createdAt: new Date().toISOString(),
      experiment: closed.id,
      candidate: candidate.id,
      proposals: candidate.proposals,
      metric,
      verdict: report.verdict,
      report: JSON.parse(JSON.stringify({ ...report, planned: affordable })) as Json,
    }
    await store.addVerdict(verdict)
    const looks = await store.looks(dataset.name)
    const ledger = ledgerOf(looks, alpha)
    const holdout = groupsInOrder(casesOf(dataset, 'holdout'), 1).map(({ group }) => group)
    const options = gateOptions(this.#settings, agent.mode, told.opened.length)
    const { guards } = watchable(
      options.guards,
      pairTrials(this.#trials, cases, candidate.id).pairs,
    )
    return {
      verdict,
      report,
      result: {
        ...candidateResult(candidate, this.#trials, cases, { ...options, guards }, this.#unused),
        report,
      },
      looks: looks.filter((look) => look.experiment === closed.id),
      freshLeft: freshGroups(ledger, 'holdout', holdout).length,
      budgetLeft: ledger.left,
      plan: told.plan,
      blindGuards: told.blind,
      spent: this.#spending.total,
      stopped: this.#stopped,
    }
  }
}

function casesById(groups: readonly CaseGroup[]): ReadonlyMap<string, Case> {
  return new Map(groups.flatMap(({ cases }) => cases.map((one) => [one.id, one])))
}

/** What decides, beside the guides: with other settings it is another test. */
function decidingBy(settings: GateSettings): Json {
  const { worth, missing, guards } = settings
  const given = { metric: metricName(settings), worth, missing, guards }
  return JSON.parse(JSON.stringify(given))
}

function plannedIn({ report }: StoredVerdict): number | undefined {
  const planned: unknown =
    typeof report === 'object' && report !== null ? Reflect.get(report, 'planned') : undefined
  return typeof planned === 'number' ? planned : undefined
}

function lessSpent(
  budget: NonNullable<EvaluateOptions['budget']>,
  spent: { readonly trials: number; readonly tokens: number; readonly costUsd: number },
): NonNullable<EvaluateOptions['budget']> {
  const { trials, tokens, costUsd, timeMs } = budget
  return {
    ...(trials === undefined ? {} : { trials: trials - spent.trials }),
    ...(tokens === undefined ? {} : { tokens: tokens - spent.tokens }),
    ...(costUsd === undefined ? {} : { costUsd: costUsd - spent.costUsd }),
    ...(timeMs === undefined ? {} : { timeMs }),
  }
}
