import { counted, printable } from '@trace2/core'
import type { ExperimentResult, VerdictResult } from '@trace2/evaluation'
import { effectText, movement, points } from '@trace2/evaluation/report'
import type { Paint } from '@trace2/render'
import { callsOf, reasonFor, type TrialCalls } from './proof.ts'
import { percent } from './scores.ts'

/** Cases that became worse of which the demo shows the words. */
const mostRegressions = 3

/** What trying proposals on the tickets kept back has shown: what became worse first. Lines to be laid out. */
export function evaluationLines({ candidates }: ExperimentResult, paint: Paint): readonly string[] {
  const [result] = candidates
  if (!result) return []
  const { base, own, rows, excluded } = result
  const { worse, same, better } = movement(result)
  return [
    ...rows
      .filter(({ difference }) => difference < 0)
      .slice(0, mostRegressions)
      .map(({ case: one, difference, ownTrials }) => {
        const words = ownTrials[0]?.scores.flatMap(({ comment }) => comment || []).join(' ')
        const ticket = printable(JSON.stringify(one.inputs.ticket).slice(0, 60))
        return `${paint('error', points(difference))} ${ticket}… ${printable(words ?? '')}`
      }),
    `${worse} worse, ${same} the same, ${better} better: ${percent(base.score ?? 0)} → ${percent(own.score ?? 0)}.`,
    ...excludedLine(excluded.length),
    callsText(callsOf(result)),
  ]
}

/** The verdict, what it stands on, and why proposals are accepted all the same. */
export function verdictLines(
  { report, result, plan, freshLeft }: VerdictResult,
  paint: Paint,
): readonly string[] {
  const { verdict, effect, counts } = report
  const tone = verdict === 'better' ? 'good' : verdict === 'worse' ? 'error' : 'strong'
  const reason = reasonFor(verdict)
  return [
    `Verdict: ${paint(tone, verdict)}, on ${counted(counts.cases, 'ticket')} in ${counted(counts.looks, 'look')}; ${freshLeft} of ${plan.groups} are left for another decision.`,
    ...(effect ? [`Effect: ${effectText(effect)}.`] : []),
    ...excludedLine(result.excluded.length),
    callsText(callsOf(result)),
    ...(reason === undefined ? [] : [reason]),
  ]
}

function excludedLine(count: number): readonly string[] {
  return count === 0 ? [] : [`${counted(count, 'ticket')} could not be compared.`]
}

function callsText({ trials, executed, served }: TrialCalls): string {
  const sum = (counts: TrialCalls['served']) =>
    Object.values(counts).reduce((total, count) => total + count, 0)
  const [ran, answered] = [sum(executed), sum(served)]
  return `Of ${counted(ran + answered, 'call')} in ${counted(trials, 'trial')}, ${answered} were answered from stored runs.`
}
