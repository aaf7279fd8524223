import { counted } from '@trace2/core'
import { caveatsOf } from './caveats.ts'
import type { GuardReport } from './guards/guard.ts'
import type { Noise } from './noise.ts'
import type { CheckedOptions } from './options.ts'
import { casesNeeded, casesToGo, type PlanOptions, powerWithin, type Standing } from './planning.ts'
import type { Counts, Estimate, GateReport, MoreCases, Verdict } from './report.ts'
import type { ConfidenceSequence } from './sequence/confidence-sequence.ts'
import type { Moments } from './sequence/moments.ts'

/** Below this chance of `better` within what is affordable, at the greatest effect that is plausible, going on is hopeless. */
const futile = 0.1
/** Standard errors above what was seen up to which an effect is plausible. Fewer would stop many a good candidate after an unlucky look. */
const plausibleErrors = 2
const power = 0.8
/** How many values the belief about the deviation is worth in a plan. */
const beliefWeight = 4
/** Groups before which nothing is hopeless. */
const fewestForHopeless = 10

export interface State {
  readonly options: CheckedOptions
  readonly sequence: ConfidenceSequence
  readonly moments: Moments
  readonly guards: readonly GuardReport[]
  readonly counts: Counts
  readonly noise: Noise | undefined
}

/** Makes a verdict of what is known. */
export function judge(state: State): GateReport {
  const { options, sequence, moments, guards, counts, noise } = state
  const { basis, alpha } = options
  const { lower, upper } = sequence
  const gain: Estimate = { mean: moments.mean, lower, upper, alpha, basis }
  const estimate = options.better === 'higher' ? gain : turned(gain)
  const chosen = basis === 'chose the candidate'
  const { verdict, why } = chosen
    ? {
        verdict: 'not enough evidence' as const,
        why: [
          'These cases had a part in how the candidate came about: decide on cases that had none.',
        ],
      }
    : verdictOf(gain, options, guards)
  const more = verdict === 'not enough evidence' ? moreOf(state) : undefined
  const stop = verdict === 'not enough evidence' && !chosen ? reasonToStop(state) : undefined
  return {
    verdict,
    why: [...why, ...(stop === undefined ? [] : [stop]), ...caveatsOf(state)],
    advice:
      verdict !== 'not enough evidence'
        ? 'decided'
        : stop === undefined && !chosen
          ? 'go on'
          : 'stop',
    effect: chosen ? undefined : estimate,
    onChoosingCases: chosen ? estimate : undefined,
    guards,
    counts,
    more,
    eValue: sequence.eValueAbove(0),
    noise,
  }
}

function verdictOf(
  { lower, upper }: Estimate,
  { worth, better }: CheckedOptions,
  guards: readonly GuardReport[],
): { readonly verdict: Verdict; readonly why: readonly string[] } {
  const lesser = better === 'higher' ? 'lower' : 'higher'
  if (lower > upper) {
    return {
      verdict: 'not enough evidence',
      why: [
        'The cases contradict one another: what was true of the first was not of the later ones.',
      ],
    }
  }
  const broken = guards.filter(({ standing }) => standing === 'broken')
  if (broken.length > 0) {
    return { verdict: 'worse', why: broken.map(({ name }) => `The guard ${name} is broken.`) }
  }
  if (upper <= 0) return { verdict: 'worse', why: [`The mean score is ${lesser}.`] }
  if (lower >= -worth && upper <= worth) {
    return {
      verdict: 'no difference worth it',
      why: [`The difference is smaller than ${worth} either way.`],
    }
  }
  if (lower < 0)
    return { verdict: 'not enough evidence', why: ['The mean score may be higher or lower.'] }
  const unmet = guards.filter(({ standing, needs }) => needs === 'kept' && standing !== 'kept')
  if (unmet.length > 0) {
    return {
      verdict: 'not enough evidence',
      why: [`The mean score is ${better}.`, ...unmet.map(unmetText)],
    }
  }
  return { verdict: 'better', why: [`The mean score is ${better}.`] }
}

/** A gain as candidate minus base, where less is better. */
function turned(gain: Estimate): Estimate {
  return { ...gain, mean: -gain.mean, lower: -gain.upper, upper: -gain.lower }
}

/** Why a guard keeps a higher score from being better, and what it would take. */
function unmetText({ name, mean, allowed, groups, more, beyond }: GuardReport): string {
  const isOpen = `The guard ${name} is not shown to be kept`
  if (beyond > 0) {
    return `${isOpen}: ${counted(beyond, 'group')} took so much more than is allowed that nothing is known about the mean.`
  }
  if (groups === 0) return `${isOpen}: no case has its values on both sides.`
  const so = `so far it is ${figure(mean)}, allowed is ${figure(allowed)}`
  return more === undefined
    ? `${isOpen}: ${so}.`
    : `${isOpen}: ${so}; if that goes on, about ${counted(more, 'more group')} would show it.`
}

function figure(value: number): string {
  return Number(value.toPrecision(3)).toString()
}

function reasonToStop(state: State): string | undefined {
  const { options, sequence, counts, moments } = state
  if (sequence.lower >= 0) return undefined
  if (sequence.upper <= options.worth)
    return `It is not better by ${options.worth}, the least that is worth it.`
  if (counts.groups >= options.affordable)
    return 'No case is left: all that there are, or that are affordable, have been read.'
  if (moments.count < fewestForHopeless) return undefined
  const left = options.affordable - counts.groups
  // An unlucky look says little: only what the cases left would hardly show, however good it may still be, is hopeless.
  const plausible = highestPlausible(state)
  const effect = Math.max(options.worth, plausible)
  const plan = { ...planOf(state), effect: effect / options.width }
  const chance = powerWithin(left, standingOf(sequence), plan)
  if (chance >= futile) return undefined
  const what = plausible > options.worth ? 'the most that is still plausible' : 'what is worth it'
  return `Even if it is better by ${Number(effect.toPrecision(2))}, ${what}, the cases left would show it with a chance of only ${Math.ceil(chance * 100)} %.`
}

function highestPlausible({ moments, sequence, options }: State): number {
  const variance = moments.varianceGiven(options.deviation ** 2)
  const plausible = moments.mean + plausibleErrors * Math.sqrt(variance / moments.count)
  return Math.min(plausible, sequence.upper)
}

function moreOf(state: State): MoreCases | undefined {
  const { options, sequence, counts, guards } = state
  const chosen = options.basis === 'chose the candidate'
  if (sequence.lower >= 0 && !chosen) {
    const missing = guards.filter(({ needs, standing }) => needs === 'kept' && standing === 'open')
    const groups = missing.map(({ more }) => more)
    const known = groups.filter((one) => one !== undefined)
    return known.length === 0 || known.length < groups.length
      ? undefined
      : moreGroups(Math.max(...known), 'guards kept', state)
  }
  // On cases that did not choose the candidate one begins anew.
  const plan = planOf(state)
  const anew = chosen || counts.groups === 0
  const groups = anew ? casesNeeded(plan) : casesToGo(standingOf(sequence), plan)
  return moreGroups(groups, 'better', state)
}

function moreGroups(
  groups: number,
  toShow: MoreCases['toShow'],
  { options, counts }: State,
): MoreCases {
  const perGroup = counts.groups > 0 ? counts.cases / counts.groups : 1
  const used = options.basis === 'chose the candidate' ? 0 : counts.groups
  const affordable = groups <= options.affordable - used
  return { groups, cases: Math.ceil(groups * perGroup), toShow, power, affordable }
}

function standingOf(sequence: ConfidenceSequence): Standing {
  return { progress: sequence.progressAbove(0), remaining: sequence.remaining }
}

/** What to plan with: the effect that is worth it, never the one that was seen, which luck has a part in. */
function planOf({ options, moments }: State): PlanOptions {
  const { worth, width, deviation, alpha } = options
  // Drawn towards what is believed: few values, above all equal ones, say little about how much others vary.
  const used = Math.sqrt(moments.varianceGiven(deviation ** 2, beliefWeight))
  return { effect: worth / width, deviation: used / width, alpha, power }
}
