import { randomUUID } from 'node:crypto'
import type { Json } from '@trace2/core'
import type { Candidate, Case, Look, Store, StoredVerdict, Trial } from '@trace2/store'
import { freshGroups, type GateReport } from '../gate/index.ts'
import { type ExperimentSpending, lessSpent, Spending } from './budget.ts'
import { Claims } from './claims.ts'
import { casesOf, checkCandidates, type EvaluateOptions, type ExperimentStore } from './evaluate.ts'
import { type GateSettings, gateOptions, metricName, usualAlpha } from './gate-settings.ts'
import { checkGuardNames } from './guard-settings.ts'
import { holdoutFor } from './holdout.ts'
import { learnedCases } from './learned.ts'
import { LookGates } from './look-gates.ts'
import { LookHistory } from './look-history.ts'
import { ledgerOf, lookForDecision, settle, takeBack, testOf } from './looks.ts'
import { closeExperiment, closeFailed, findExperiment } from './open.ts'
import { type CaseGroup, groupsInOrder } from './order.ts'
import { isCorrectedOnly, type Pairing, pairTrials } from './pairs.ts'
import { runTrials } from './run-trials.ts'
import { storedReport } from './stored-report.ts'
import { type CandidateResult, candidateResult } from './summary.ts'
import { checkSize, type VerdictPlan } from './verdict-plan.ts'

/** The methods of a store that {@link verdictOn} needs. */
export type VerdictStore = ExperimentStore & Pick<Store, 'addVerdict' | 'verdicts'>

/** Options of {@link verdictOn}. */
export interface VerdictOptions
  extends Omit<EvaluateOptions, 'store' | 'split' | 'candidates' | 'limit' | 'openHoldout'> {
  /** Keeps the trials, the looks and the verdict. */
  readonly store: VerdictStore
  /** The candidate to decide on. */
  readonly candidate: Candidate
  /** Ids of stored runs that the candidate was learned from. It looks better on their inputs than it is. */
  readonly learnedFrom?: ReadonlySet<string>
  /** Whether a holdout may be opened that is too small to show anything. Default `false`. */
  readonly openHoldout?: boolean
  /** Number of groups of the holdout that one look opens. Default 10. */
  readonly perLook?: number
  /** Whether to go on although the gate says that there is no prospect of a decision. Default `false`. */
  readonly toTheEnd?: boolean
  /** Is called with what deciding may take, before anything is paid for. */
  readonly onPlan?: (plan: VerdictPlan) => void
  /** Is called after each look. */
  readonly onLook?: (report: GateReport) => void
}

/** The result of {@link verdictOn}. */
export interface VerdictResult {
  /** The verdict. It is stored, unless the decision stopped before the first look. */
  readonly verdict: StoredVerdict
  /** What the gate says, with its reasons. */
  readonly report: GateReport
  /** The trials of the candidate and of the base, case by case. */
  readonly result: CandidateResult
  /** The looks that the verdict rests on. */
  readonly looks: readonly Look[]
  /** Number of groups of the holdout that no decision has read. */
  readonly freshLeft: number
  /** Error probability that is left of the budget. */
  readonly budgetLeft: number
  /** Error probability that this verdict has added to the budget. Only `better` on fresh cases adds any. */
  readonly earned: number
  /** What deciding was expected to take. */
  readonly plan: VerdictPlan
  /** What the trials have used. */
  readonly spent: ExperimentSpending
  /** Why the decision stopped early, in a sentence; `undefined` if it did not. */
  readonly stopped: string | undefined
}

const usualPerLook = 10

/**
 * Decides on the holdout whether a candidate is better than the base. It opens a few groups at a time. It stops when
 * the gate has decided, or when going on has no prospect. Each look is stored before it is taken, and a further call
 * continues from the stored looks.
 *
 * @throws `T2_DATASET_SPLIT`, `T2_CANDIDATE`, `T2_LEDGER_SPENT`, `T2_HOLDOUT_CHOSEN`, `T2_HOLDOUT_SMALL`,
 * `T2_NO_REFERENCES`
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
  readonly #history: LookHistory
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
    this.#history = new LookHistory(options.store, options.dataset, 'holdout')
  }

  async decide(): Promise<VerdictResult> {
    const { store, dataset, base, candidate, agent, scorer, repeats = 1, seed = 1 } = this.#options
    const { perLook = usualPerLook } = this.#options
    checkCandidates(base, [candidate])
    checkGuardNames(this.#settings.guards, scorer.guides)
    const { experiment, sample } = await findExperiment({
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
    const { batches, plan, isBegun } = holdoutFor(
      {
        dataset,
        scorer,
        settings: this.#settings,
        seed,
        perLook,
        isLearned: await learnedCases(store, this.#options.learnedFrom),
        test: testOf({ candidate: candidate.id, experiment: experiment.id }),
      },
      await this.#history.read(),
    )
    this.#options.onPlan?.(plan)
    const usual = gateOptions(this.#settings, plan.groups)
    if (!isBegun && !this.#options.openHoldout) checkSize(plan, { ...usual, alpha: plan.alpha })
    await store.putExperiment(experiment)

    const looked = { dataset, split: 'holdout' as const, experiment: experiment.id }
    const affordable = await this.#planned(experiment.id, plan.groups)
    const gates = new LookGates({ ...usual, affordable }, agent.mode)
    let last: Look | undefined
    let opened: readonly CaseGroup[] = []
    for (const batch of batches) {
      const next = batch.slice(0, affordable - opened.length)
      if (next.length === 0) break
      const { allocation, look } = await lookForDecision(
        store,
        this.#history,
        { ...looked, candidate: candidate.id, groups: next.map(({ group }) => group) },
        this.#settings.alpha ?? usualAlpha,
      )
      const pairing = await this.#pairingOf(experiment, next, opened, sample).catch(
        async (error: unknown) => {
          await takeBack(store, this.#history, look)
          return closeFailed(store, { ...experiment, cases: casesIn(opened) }, error)
        },
      )
      // A group that is not whole is no piece of evidence, and what is none is not looked at.
      if (pairing === undefined || pairing.pairs.length === 0)
        await takeBack(store, this.#history, look)
      if (pairing === undefined) break
      opened = [...opened, ...next]
      if (pairing.pairs.length === 0) {
        gates.skip(pairing)
        continue
      }
      last = look
      const basis = this.#isOneSided ? 'chose the candidate' : allocation.basis
      const report = gates.read(pairing, { ...allocation, basis }, this.#trials)
      this.#options.onLook?.(report)
      if (!this.#goesOn(report)) break
    }
    return this.#close(experiment, gates.report, last, { opened, plan })
  }

  /** Going on where it is hopeless makes no verdict wrong; cases that chose the candidate never make one. */
  #goesOn({ advice, effect }: GateReport): boolean {
    const { toTheEnd = false } = this.#options
    return advice === 'go on' || (advice === 'stop' && effect !== undefined && toTheEnd)
  }

  /**
   * How many groups the test is planned for: what its first look said, since a plan must not follow what was seen, and what was
   * seen must say the same again where fewer groups are left.
   */
  async #planned(experiment: string, available: number): Promise<number> {
    const earlier = (await this.#options.store.verdicts({ experiment })).at(-1)
    const planned = earlier && plannedIn(earlier)
    return planned ?? gateOptions(this.#settings, available).affordable
  }

  /** @returns nothing where it stopped before all trials of the groups were there: nothing is shown of them then. */
  async #pairingOf(
    experiment: Parameters<typeof runTrials>[0]['experiment'],
    groups: readonly CaseGroup[],
    opened: readonly CaseGroup[],
    sample: number,
  ): Promise<Pairing | undefined> {
    const { store, agent, scorer, budget = {}, parallel = 4, signal, answers } = this.#options
    const { onProgress } = this.#options
    const spent = this.#spending.total
    const before = spent.trials
    const { trials, stopped, unused, earlier } = await runTrials({
      store,
      experiment: {
        ...experiment,
        cases: casesIn([...opened, ...groups]),
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
    for (const trial of trials) this.#spending.add(trial, earlier.has(trial.id))
    this.#stopped ??= stopped
    if (stopped !== undefined) return undefined
    this.#trials = [...this.#trials, ...trials]
    this.#unused = unused.get(this.#options.candidate.id)
    const cases = casesById(groups)
    const pairing = pairTrials(trials, cases, this.#options.candidate.id)
    this.#isOneSided ||= isCorrectedOnly(pairing.excluded, pairing.pairs, cases)
    return pairing
  }

  async #close(
    experiment: Parameters<typeof closeExperiment>[1],
    report: GateReport,
    last: Look | undefined,
    told: { readonly opened: readonly CaseGroup[]; readonly plan: VerdictPlan },
  ): Promise<VerdictResult> {
    const { store, dataset, candidate, agent } = this.#options
    const alpha = this.#settings.alpha ?? usualAlpha
    const cases = casesById(told.opened)
    const closed = await closeExperiment(
      store,
      { ...experiment, cases: [...cases.keys()] },
      this.#stopped,
    )
    const settled = last && (await settle(store, this.#history, last, report.verdict))
    const metric = metricName(this.#settings)
    const planned = await this.#planned(closed.id, told.plan.groups)
    const verdict: StoredVerdict = {
      id: `v-${randomUUID()}`,
      createdAt: new Date().toISOString(),
      experiment: closed.id,
      candidate: candidate.id,
      proposals: candidate.proposals,
      metric,
      verdict: report.verdict,
      report: storedReport(report, planned),
    }
    if (last) await store.addVerdict(verdict)
    const { decisions, shown } = await this.#history.read()
    const ledger = ledgerOf(decisions, alpha)
    // What an evaluation has shown decides nothing any more.
    const holdout = groupsInOrder(casesOf(dataset, 'holdout'), 1)
      .map(({ group }) => group)
      .filter((group) => !shown.has(group))
    const gate = gateOptions(this.#settings, told.opened.length)
    const { mode } = agent
    const summary = { gate, mode, unused: this.#unused }
    return {
      verdict,
      report,
      result: {
        ...candidateResult(candidate, this.#trials, cases, summary),
        report,
      },
      looks: decisions.filter((look) => look.experiment === closed.id),
      freshLeft: freshGroups(ledger, 'holdout', holdout).length,
      budgetLeft: ledger.left,
      earned: settled?.earned ?? 0,
      plan: told.plan,
      spent: this.#spending.total,
      stopped: this.#stopped,
    }
  }
}

function casesIn(groups: readonly CaseGroup[]): readonly string[] {
  return groups.flatMap(({ cases }) => cases.map(({ id }) => id))
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
