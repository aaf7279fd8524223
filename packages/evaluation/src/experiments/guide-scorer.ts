import type { Case, TrialScore } from '@trace2/collector/store'
import { type Json, valueHash } from '@trace2/instrumentation/semconv'
import { raise } from '../errors.ts'
import type { Guide, GuideTools, Verdict } from '../guides/index.ts'
import type { Scorer } from './scorer.ts'

/**
 * Guides as the scorer of an experiment. What a guide gives that is no score from 0 to 1 is that guide's failure, never
 * clipped.
 *
 * @throws T2_GUIDE_INVALID where two of them have the same name.
 */
export function guideScorer(guides: readonly Guide[], tools: GuideTools): Scorer {
  const names = guides.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) {
    throw raise('T2_GUIDE_INVALID', `Two guides are named ${JSON.stringify(twice)}.`)
  }
  return {
    guides: names,
    hash: valueHash(guides.map(({ name, definition }) => ({ name, definition }))),
    score: (one, output, signal) =>
      Promise.all(
        guides.map((guide) =>
          scoreBy(guide, one, output, signal === undefined ? tools : { ...tools, signal }),
        ),
      ),
  }
}

async function scoreBy(
  guide: Guide,
  { inputs, reference }: Case,
  output: Json,
  tools: GuideTools,
): Promise<TrialScore> {
  const nothing = { guide: guide.name, score: null, label: null, comment: null }
  let verdict: unknown
  try {
    const subject = { output, input: inputs, ...(reference === null ? {} : { reference }) }
    verdict = await guide.judge(subject, tools)
  } catch (error) {
    if (tools.signal?.aborted) throw error
    return { ...nothing, error: reasonOf(error) }
  }
  if (!isVerdict(verdict)) return { ...nothing, error: `It gave no verdict: ${shown(verdict)}.` }
  const { score, comment, label } = verdict
  const told = { label: label ?? null, comment: comment ?? null }
  if (!(score >= 0 && score <= 1)) {
    return { ...nothing, ...told, error: `It gave ${score}, which is no score from 0 to 1.` }
  }
  return { guide: guide.name, score, ...told, error: null }
}

function isVerdict(value: unknown): value is Verdict {
  return (
    typeof value === 'object' &&
    value !== null &&
    'score' in value &&
    typeof value.score === 'number'
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
