import { counted, formatCount } from '@trace2/core'
import type { Trial } from '@trace2/store'
import type { CandidateResult } from '../experiments/index.ts'

/** Reasons that are shown of a side. */
const mostReasons = 3
/** Characters of a reason. */
const longestReason = 160

const remedies: { readonly [Outcome in Trial['outcome']]?: string } = {
  diverged:
    'Declare the operator `sideEffects: false` where it has none, give its answers as a `stub` under `replay` in trace2.config.ts, or run the agent wholly with --no-replay.',
}

/** Says why trials have no score: the most frequent reasons of each side, and what helps against them. */
export function failureLines({
  rows,
  excluded,
}: Pick<CandidateResult, 'rows' | 'excluded'>): readonly string[] {
  const base = rows.flatMap(({ baseTrials }) => baseTrials)
  const own = rows.flatMap(({ ownTrials }) => ownTrials)
  const outcomes = new Set([...base, ...own, ...excluded].map(({ outcome }) => outcome))
  return [
    ...sideLines('base', base),
    ...sideLines('candidate', own),
    ...Object.entries(remedies).flatMap(([outcome, remedy]) =>
      outcomes.has(outcome as Trial['outcome']) ? [remedy] : [],
    ),
  ]
}

function sideLines(side: string, trials: readonly Trial[]): readonly string[] {
  const reasons = new Map<string, number>()
  for (const trial of trials.filter(({ score }) => score === null)) {
    const text = reasonOf(trial)
    reasons.set(text, (reasons.get(text) ?? 0) + 1)
  }
  const sorted = [...reasons].sort((a, b) => b[1] - a[1])
  const shown = sorted
    .slice(0, mostReasons)
    .map(([reason, count]) => `Without a score, ${side}: ${counted(count, 'trial')} ${reason}`)
  const left = sorted.slice(mostReasons).reduce((sum, [, count]) => sum + count, 0)
  return left === 0
    ? shown
    : [...shown, `Without a score, ${side}: ${formatCount(left)} more for other reasons`]
}

function reasonOf({ outcome, reason, scores }: Trial): string {
  const why =
    outcome === 'done' ? (scores.find(({ error }) => error !== null)?.error ?? null) : reason
  const said = outcome === 'done' ? 'not judged' : outcome
  return why === null ? said : `${said} (${cut(why)})`
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > longestReason ? `${line.slice(0, longestReason - 1)}…` : line
}
