import {
  ATTR_EVALUATION_EXPLANATION,
  ATTR_EVALUATION_LABEL,
  ATTR_EVALUATION_NAME,
  ATTR_EVALUATION_SCORE,
  ATTR_FEEDBACK_DIRECTION,
  ATTR_FEEDBACK_IDENTIFIER,
  ATTR_FEEDBACK_SCALE,
  ATTR_FEEDBACK_SOURCE,
  ATTR_FEEDBACK_WEIGHT,
  ATTR_KIND,
  type FeedbackDeclaration,
  readFeedbackDeclaration,
} from '@trace2/core'
import type { Attributes, SpanRecord } from '../otlp/index.ts'
import { attributeFlag, attributeFlagsOf } from './attribute-flags.ts'
import { unflatten } from './flattened.ts'
import { memberOf } from './json.ts'
import { numberAt, textAt } from './read.ts'
import type { FeedbackRow } from './rows.ts'

/**
 * Feedback that a span carries: as a carrier (ours, or an OpenInference annotation) on the span it links to; as
 * annotations or evaluation events of its own on itself.
 */
export function feedbackOf(span: SpanRecord): { rows: FeedbackRow[]; carrier: boolean } {
  const link = span.links.length === 1 ? span.links[0] : undefined
  const rows: FeedbackRow[] = []
  const kind = span.attributes.get(ATTR_KIND)
  const flags = attributeFlagsOf(span.attributes)
  const reward = flags & attributeFlag.reward ? rewardsOf(span) : []
  if (reward.length > 0) return { rows: reward, carrier: true }
  const annotations = flags & attributeFlag.annotation ? annotationsOf(span.attributes) : []
  const carrier = kind === 'feedback' || (kind === undefined && !!link && annotations.length > 0)
  const target = carrier ? link : span
  if (target) {
    const base = { traceId: target.traceId, spanId: target.spanId, identifier: span.spanId }
    if (kind === 'feedback') rows.push(...evaluation(span.attributes, base))
    for (const { scope, attributes } of annotations) {
      rows.push(...annotation(attributes, scope === 'trace' ? { ...base, spanId: null } : base))
    }
    for (const event of span.events) {
      if (event.name !== 'gen_ai.evaluation.result') continue
      rows.push(...evaluation(event.attributes, base))
    }
    const verdicts = flags & attributeFlag.verdict ? verdictsOf(span.attributes, base) : []
    for (const verdict of verdicts) rows.push(verdict)
  }
  if (kind !== 'feedback') return { rows, carrier }
  const declaration = declarationOf(span.attributes)
  return { rows: declaration ? rows.map((row) => ({ ...row, declaration })) : rows, carrier }
}

/** What a carrier of ours says that the name of its feedback means, as far as it is sound. */
function declarationOf(attributes: Attributes): FeedbackDeclaration | undefined {
  const scale = attributes.get(ATTR_FEEDBACK_SCALE)
  const { declaration } = readFeedbackDeclaration({
    // Whole numbers may come as integers.
    scale: Array.isArray(scale)
      ? scale.map((end) => (typeof end === 'bigint' ? Number(end) : end))
      : undefined,
    direction: textAt(attributes, ATTR_FEEDBACK_DIRECTION),
    weight: numberAt(attributes, ATTR_FEEDBACK_WEIGHT),
  })
  return Object.keys(declaration).length === 0 ? undefined : declaration
}

type Target = Pick<FeedbackRow, 'traceId' | 'spanId' | 'identifier'>

/** A `gen_ai.evaluation.*` result, on a carrier span or an event. */
export function evaluation(attributes: Attributes, target: Target): FeedbackRow[] {
  const name = words(textAt(attributes, ATTR_EVALUATION_NAME))
  if (name === null) return []
  return complete({
    ...target,
    name,
    score: scoreOf(attributes.get(ATTR_EVALUATION_SCORE)),
    label: words(textAt(attributes, ATTR_EVALUATION_LABEL)),
    comment: words(textAt(attributes, ATTR_EVALUATION_EXPLANATION)),
    source: sourceOf(textAt(attributes, ATTR_FEEDBACK_SOURCE)),
    identifier: textAt(attributes, ATTR_FEEDBACK_IDENTIFIER) ?? target.identifier,
  })
}

/** Agent Lightning: `agentlightning.reward.0.name` and `.value` (a text) on a span inside what is rewarded. */
function rewardsOf(span: SpanRecord): FeedbackRow[] {
  const rewards = unflatten(span.attributes, 'agentlightning.reward')
  if (!Array.isArray(rewards)) return []
  const target = { traceId: span.traceId, spanId: span.parentSpanId ?? null }
  return rewards.flatMap((reward) => {
    const value = memberOf(reward, 'value')
    const score = value === undefined || value === '' ? Number.NaN : Number(value)
    if (!Number.isFinite(score)) return []
    const name = words(memberOf(reward, 'name')) ?? 'reward'
    const said = { label: null, comment: null, source: 'code', identifier: span.spanId } as const
    return [{ ...target, name, score, ...said }]
  })
}

const VERDICT = 'eval.'

/** OpenTrace: `eval.score` with the words in `eval.feedback` or `eval.reasons`, and one `eval.<metric>` per metric. */
function verdictsOf(attributes: Attributes, target: Target): FeedbackRow[] {
  const comment = textAt(attributes, 'eval.feedback') ?? textAt(attributes, 'eval.reasons')
  const rows: FeedbackRow[] = []
  for (const key of attributes.keys()) {
    const score = key.startsWith(VERDICT) ? numberAt(attributes, key) : null
    if (score === null) continue
    const name = key.slice(VERDICT.length)
    const words = name === 'score' ? comment : null
    rows.push({ ...target, name, score, label: null, comment: words, source: 'code' })
  }
  const scored = rows.some(({ name }) => name === 'score')
  if (comment === null || scored) return rows
  return [{ ...target, name: 'score', score: null, label: null, comment, source: 'code' }, ...rows]
}

type Scope = 'span' | 'trace'
type Annotation = { readonly scope: Scope; readonly attributes: unknown }

/** OpenInference: `annotations.0.annotation.name`, `trace.evaluations.1.evaluation.score` and so on. */
function annotationsOf(attributes: Attributes): Annotation[] {
  const found: Annotation[] = []
  for (const [scope, prefix] of [
    ['span', ''],
    ['trace', 'trace.'],
  ] as const) {
    for (const word of ['annotation', 'evaluation']) {
      const list = unflatten(attributes, `${prefix}${word}s`)
      if (!Array.isArray(list)) continue
      for (const item of list) found.push({ scope, attributes: memberOf(item, word) })
    }
  }
  return found
}

function annotation(attributes: unknown, target: Target): FeedbackRow[] {
  const name = words(memberOf(attributes, 'name'))
  if (name === null) return []
  const score = memberOf(attributes, 'score')
  const identifier = memberOf(attributes, 'identifier')
  return complete({
    ...target,
    name,
    score: scoreOf(score),
    label: words(memberOf(attributes, 'label')),
    comment: words(memberOf(attributes, 'explanation')),
    source: sourceOf(words(memberOf(attributes, 'annotator_kind'))),
    identifier: words(identifier) ?? target.identifier,
  })
}

/** Feedback says something: at least one of score, label and comment. */
function complete(row: FeedbackRow): FeedbackRow[] {
  return row.score === null && row.label === null && row.comment === null ? [] : [row]
}

/** A score however it was written: a verdict of `true` or `false` is 1 or 0. */
function scoreOf(value: unknown): number | null {
  if (typeof value === 'boolean') return Number(value)
  const isNumeric = typeof value === 'number' || typeof value === 'bigint' || words(value) !== null
  const score = isNumeric ? Number(value) : Number.NaN
  return Number.isFinite(score) ? score : null
}

/** Blank words say nothing. */
function words(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

function sourceOf(text: string | null): FeedbackRow['source'] {
  switch (text?.toLowerCase()) {
    case 'human':
      return 'human'
    case 'llm':
    case 'model':
      return 'model'
    default:
      return 'code'
  }
}
