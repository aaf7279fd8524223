import { raise } from '../errors.ts'
import type { Guide, GuideTools, Subject, Verdict } from './guide.ts'

/**
 * What a guide says, checked: it may be anybody's code.
 *
 * @throws `T2_GUIDE_FAILED` where it is no verdict, and whatever the guide throws.
 */
export async function checkedVerdict(
  guide: Guide,
  subject: Subject,
  tools: GuideTools,
): Promise<Verdict> {
  const said: unknown = await guide.judge(subject, tools)
  if (typeof said !== 'object' || said === null) {
    throw raise('T2_GUIDE_FAILED', `The guide ${guide.name} gave no verdict.`)
  }
  const { score, comment, label, scores }: Partial<Record<keyof Verdict, unknown>> = said
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) {
    const given = typeof score === 'number' ? `the score ${score}` : 'no score'
    throw raise('T2_GUIDE_FAILED', `The guide ${guide.name} gave ${given}, not one from 0 to 1.`)
  }
  return {
    score,
    comment: typeof comment === 'string' ? comment : '',
    ...(typeof label === 'string' ? { label } : {}),
    ...(isScores(scores) ? { scores } : {}),
  }
}

function isScores(scores: unknown): scores is { readonly [part: string]: number } {
  return (
    typeof scores === 'object' &&
    scores !== null &&
    Object.values(scores).every((score) => typeof score === 'number')
  )
}
