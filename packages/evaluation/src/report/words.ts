import { counted, formatCount } from '@trace2/core'
import type { CandidateResult, ExperimentResult } from '../experiments/index.ts'
import type { Counts, Estimate, GateReport, GuardReport } from '../gate/index.ts'

/** `+4.2 points`: scores lie from 0 to 1, and people read hundredths. */
export function points(difference: number): string {
  const value = difference * 100
  const rounded = Math.abs(value) < 0.05 ? 0 : value
  return `${rounded >= 0 ? '+' : '−'}${Math.abs(rounded).toFixed(1)} points`
}

/**
 * `+4.2 points (−1.0 to +9.3; 90 % at every look)`. Limits are rounded away from the mean, and a lower one at 0 has excluded 0.
 */
export function effectText({ mean, lower, upper, alpha }: Estimate, counts?: Counts): string {
  const from = lower === 0 ? 'above 0' : limit(Math.floor(lower * 1000 + rounding) / 1000)
  const to = upper === 0 ? 'below 0' : limit(Math.ceil(upper * 1000 - rounding) / 1000)
  const level = `${Number((100 * (1 - 2 * alpha)).toFixed(1))} %`
  // A group counts once, so that the mean is not that of the cases.
  const over =
    counts === undefined || counts.groups === counts.cases
      ? ''
      : ` over ${counted(counts.groups, 'group')}`
  return `${points(mean)}${over} (${from} to ${to}; ${level} at every look)`
}

const rounding = 1e-6

function limit(value: number): string {
  return points(value).replace(' points', '')
}

/** Says how a guard stands. If no rise is allowed, equality cannot be shown; the guard then only must not be broken. */
export function guardStanding({ standing, needs }: GuardReport): string {
  return standing === 'open' && needs === 'not broken' ? 'not broken' : standing
}

interface BasisOf {
  readonly experiment: Pick<ExperimentResult['experiment'], 'split'>
  readonly candidates: readonly unknown[]
}

/** What an effect is an effect on, where it is not what to expect elsewhere; in half a sentence. */
export function basisText(
  { basis }: Estimate,
  { experiment, candidates }: BasisOf,
): string | undefined {
  if (basis === 'reused') return 'some of these cases have decided before'
  if (basis !== 'chose the candidate') {
    return experiment.split === 'holdout'
      ? undefined
      : 'on cases that select; the effect is decided on the holdout'
  }
  if (experiment.split === 'train') {
    return 'on cases to learn from: a proposal looks better there than it is'
  }
  return candidates.length === 1
    ? 'on cases that it was learned from, or that can be judged only where the base was corrected: any change looks better there'
    : `on the cases that choose among ${counted(candidates.length, 'candidate')}: the best looks better there than it is`
}

/** Which of several candidates are better, in a sentence; `undefined` where there is but one. */
export function severalText({ several, candidates }: ExperimentResult): string | undefined {
  if (!several) return undefined
  const names = candidates.flatMap(({ candidate }) =>
    several.better.includes(candidate.id) ? [candidate.name] : [],
  )
  const share = `${Number((several.alpha * 100).toPrecision(2))} %`
  const of = counted(candidates.length, 'candidate')
  return names.length === 0
    ? `Of ${of}, none is shown to have a higher mean score on these cases.`
    : `Of ${of}, ${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} a higher mean score (of such findings at most ${share} are wrong, on average).`
}

/** What the figures stand on: `24 cases in 20 groups, 96 trials, 3 looks`. */
export function standsOn({ counts }: GateReport): string {
  const { cases, groups, trials, looks } = counts
  const parts = [
    groups === cases
      ? counted(cases, 'case')
      : `${counted(cases, 'case')} in ${counted(groups, 'group')}`,
    counted(trials.base + trials.candidate, 'trial'),
    counted(looks, 'look'),
  ]
  return parts.join(', ')
}

/** `about 120 more cases`, with what they cost by what cases have cost so far. */
export function moreText(
  report: GateReport,
  { base, own }: Pick<CandidateResult, 'base' | 'own'>,
): string | undefined {
  const { more } = report
  if (!more) return undefined
  const perCase =
    base.costUsd === null || own.costUsd === null
      ? undefined
      : (base.costUsd + own.costUsd) * report.counts.repeats.most
  const cost =
    perCase === undefined || perCase === 0
      ? ''
      : `, which cost about $${(perCase * more.cases).toPrecision(2)}`
  const goal =
    more.toShow === 'better' ? `if it is better by what is worth it` : 'to show the guards kept'
  const power = `${Math.round(more.power * 100)} %`
  return `About ${counted(more.cases, 'more case')}${cost}, ${goal} (power ${power})${more.affordable ? '' : '; more than there are'}.`
}

/** What an experiment did, in a sentence or two. */
export function spentSentence({ experiment, spent, candidates }: ExperimentResult): string {
  const { trials, earlier, cached, tokens, costUsd, costUnknown, savedUsd } = spent
  const cost = trials === 0 ? '$0' : costUnknown === trials ? 'cost unknown' : `$${money(costUsd)}`
  const unknown =
    costUnknown > 0 && costUnknown < trials ? ` (${formatCount(costUnknown)} of unknown cost)` : ''
  const parts = [
    `${counted(trials - earlier, 'trial')} run`,
    ...(earlier > 0 ? [`${formatCount(earlier)} run by an earlier call`] : []),
    ...(cached > 0 ? [`${formatCount(cached)} known from before`] : []),
    `${earlier > 0 ? 'in all ' : ''}${counted(tokens, 'token')}`,
    `${cost}${unknown}`,
    ...(savedUsd > 0 ? [`$${money(savedUsd)} saved by answers from stored runs`] : []),
  ]
  const how = { live: 'whole runs', replay: 'replayed runs', 'single call': 'single calls' }
  const cases = candidates.flatMap(({ rows }) => rows.map((row) => row.case))
  // What comes from no stored run has nothing to be answered from.
  const recorded = cases.filter(({ run }) => run !== null).length
  const mode =
    experiment.mode !== 'replay' || recorded === cases.length
      ? how[experiment.mode]
      : recorded === 0
        ? 'whole runs without what has effects, as no case is of a stored run'
        : `replayed runs, but for cases of no stored run, which ran wholly without what has effects`
  return `${parts.join(', ')}; ${mode}.`
}

/** Writes an amount of US dollars. */
export function money(usd: number): string {
  return usd === 0 ? '0' : usd >= 1 ? usd.toFixed(2) : Number(usd.toPrecision(2)).toString()
}

/** How many cases became worse, stayed and became better. */
export function movement({ rows }: Pick<CandidateResult, 'rows'>): {
  readonly worse: number
  readonly same: number
  readonly better: number
} {
  const worse = rows.filter(({ difference }) => difference < 0).length
  const better = rows.filter(({ difference }) => difference > 0).length
  return { worse, better, same: rows.length - worse - better }
}

/** What is to be said where all trials have the same extreme score: nothing can be seen of a change then. */
export function levelText({ rows }: Pick<CandidateResult, 'rows'>): string | undefined {
  const scores = rows.flatMap(({ baseTrials, ownTrials }) =>
    [...baseTrials, ...ownTrials].map(({ score }) => score),
  )
  if (scores.length === 0) return undefined
  if (scores.every((score) => score === null)) return 'No trial has a score.'
  if (scores.every((score) => score === 0)) {
    return 'Every trial of both sides scores 0: see that the guides (the part that `at` names, too) and the references fit what the agent gives.'
  }
  if (scores.every((score) => score === 1)) {
    return 'Every trial of both sides scores 1: these cases and guides cannot show that anything is better.'
  }
  return undefined
}
