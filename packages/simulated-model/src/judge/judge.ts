import { statements } from '../quotes.ts'
import { subjectWords } from '../words.ts'
import type { Judgement } from './prompt.ts'
import { agreement, kept, parseRule } from './rule.ts'

/** A judge's answer: a score, or one of the verdicts asked for. */
export type Verdict = {
  readonly reasoning: string
  readonly comment: string
} & ({ readonly score: number } | { readonly verdict: string })

/** Judges an output; or, where two are to be compared, says which one is better, or that they are equal. */
export function judge(judgement: Judgement): Verdict {
  const [first, second] = [...judgement.compared].map(([name, output]) => ({
    name,
    ...assessed({ ...judgement, output }),
  }))
  if (!first || !second) return verdictOf(judgement)
  const words = {
    reasoning: `Simulated judge, by rules. ${first.name} has ${first.score}, ${second.name} has ${second.score}.`,
  }
  if (first.score === second.score)
    return { ...words, comment: 'None is better.', verdict: 'equal' }
  const [better, worse] = first.score > second.score ? [first, second] : [second, first]
  return { ...words, comment: worse.comment, verdict: better.name }
}

function verdictOf(judgement: Judgement): Verdict {
  const { score, ...words } = assessed(judgement)
  const { labels } = judgement
  return labels ? { ...words, verdict: labelFor(score, labels) } : { ...words, score }
}

/**
 * Judges by the explicit rules of the rubric: the score is the share that the output keeps to. A rubric without such
 * a rule is judged by the reference; without either, the score is 0.5.
 */
function assessed(judgement: Judgement) {
  const rules = statements(judgement.rubric).flatMap((statement) => parseRule(statement) ?? [])
  const checked = rules.flatMap((rule) => {
    const share = kept(rule, judgement)
    if (share === undefined) return []
    return { share, fault: rule.demand === 'reference' ? difference(judgement) : rule.text }
  })
  const likeness = agreement(judgement)
  if (checked.length === 0 && likeness !== undefined) {
    checked.push({ share: likeness, fault: difference(judgement) })
  }
  const faults = checked.filter(({ share }) => share < 1).map(({ fault }) => fault)
  const mean = checked.reduce((sum, { share }) => sum + share, 0) / checked.length
  const score = checked.length === 0 ? 0.5 : Math.round(mean * 100) / 100
  const good =
    checked.length === 0 ? 'There is no rule that I can check.' : 'It keeps to the rubric.'
  return {
    score,
    reasoning: `Simulated judge, by rules. Checked ${checked.length}, broken ${faults.length}.`,
    comment: faults.length === 0 ? good : `Not kept: ${faults.join(' ')}`,
  }
}

/** What an output has to change to be like its reference. */
function difference({ output, reference = '' }: Judgement): string {
  if (subjectWords(reference).size <= 3) return `It should be "${reference.trim()}".`
  const present = subjectWords(output)
  const missing = [...subjectWords(reference)].filter((word) => !present.has(word))
  return `The reference differs: it also has ${missing.slice(0, 5).join(', ') || 'another order'}.`
}

/** The labels run from best to worst, unless the first says that it is the worst. */
function labelFor(score: number, labels: readonly string[]): string {
  const worstFirst = /^(?:bad|wrong|incorrect|no|fail|poor|worst|unacceptable|0)/i.test(
    labels[0] ?? '',
  )
  const ordered = worstFirst ? labels.toReversed() : labels
  const at = Math.round((1 - score) * (ordered.length - 1))
  // Only what keeps to everything is best.
  return ordered[score < 1 ? Math.max(at, 1) : at] ?? ordered.at(-1) ?? ''
}
