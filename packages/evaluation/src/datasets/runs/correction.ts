import type { Json } from '@trace2/core'
import type { Feedback } from '@trace2/store'
import { isJsonObject } from '../files/jsonl.ts'

/** What feedback is called, in the tools that have it, that says what the output should have been. */
const usualNames = new Set(
  'correction corrected correctedoutput correctedanswer correctoutput correctanswer expected expectedoutput expectedanswer expectedlabel reference referenceoutput referenceanswer groundtruth gold golden goldlabel ideal idealoutput idealanswer'.split(
    ' ',
  ),
)

/** Labels that say that something is wrong or right, but not what is right. */
const verdicts = new Set(
  'correction corrected correct incorrect edited wrong right good bad poor pass passed fail failed yes no true false thumbsup thumbsdown up down positive negative'.split(
    ' ',
  ),
)

export interface CorrectionOptions {
  /** Further names of feedback whose label, or else comment, is the right output: a name of labels that people set. */
  readonly names?: readonly string[]
  /** What the run gave: a correction of something other than a text is read as JSON. */
  readonly output: Json
}

/**
 * What a run should have given, by the feedback on the run itself: feedback under a name such as `correction` or
 * `expected`, feedback labelled `correction`, or a comment that is a JSON object with such a member. People count before
 * code, code before models, and later before earlier. `null` where nothing says it.
 */
export function correctionOf(
  feedback: readonly Feedback[],
  { names = [], output }: CorrectionOptions,
): Json {
  const own = new Set(names)
  const found = feedback.flatMap((piece) => {
    const value = corrected(piece, own)
    return value === undefined ? [] : [{ piece, value }]
  })
  const rank = ({ source }: Feedback) => ['model', 'code', 'human'].indexOf(source)
  const best = found.reduce<(typeof found)[number] | undefined>(
    (before, next) => (before && rank(before.piece) > rank(next.piece) ? before : next),
    undefined,
  )
  if (!best) return null
  return typeof best.value === 'string' && typeof output !== 'string' && output !== null
    ? (parsed(best.value) ?? best.value)
    : best.value
}

function corrected({ name, label, comment }: Feedback, own: ReadonlySet<string>): Json | undefined {
  if (own.has(name)) return text(label) ?? memberOf(comment) ?? text(comment)
  if (usualNames.has(plain(name))) {
    const said = label !== null && !verdicts.has(plain(label)) ? text(label) : undefined
    return said ?? memberOf(comment) ?? text(comment)
  }
  const labelled = label !== null && usualNames.has(plain(label))
  return memberOf(comment) ?? (labelled ? text(comment) : undefined)
}

function text(value: string | null): string | undefined {
  return value === null || value.trim() === '' ? undefined : value
}

/** The member of a JSON object that is called like a correction. */
function memberOf(comment: string | null): Json | undefined {
  const value = comment?.trimStart().startsWith('{') ? parsed(comment) : undefined
  if (!isJsonObject(value)) return undefined
  const name = Object.keys(value).find((each) => usualNames.has(plain(each)))
  return name === undefined ? undefined : (value[name] ?? undefined)
}

function parsed(value: string): Json | undefined {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** `Corrected output` and `corrected_output` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
