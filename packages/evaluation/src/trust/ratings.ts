import {
  type Feedback,
  type FeedbackName,
  type FeedbackSource,
  normalizedScore,
} from '@trace2/store'
import type { Level } from './krippendorff.ts'

/** Who gave feedback of one name. */
export interface RaterOfName {
  /** Id of the rater. */
  readonly id: string
  /** Whether the rater is a person, a model or code. */
  readonly source: FeedbackSource
  /** Its identifier; `null` for feedback by people or programs that did not give one they use again. */
  readonly identifier: string | null
}

/** A piece of feedback as a rating. */
export interface NamedRating {
  /** The run or call that it is about. */
  readonly unit: string
  readonly rater: RaterOfName
  /** Place on the scale of the name, from 0 (worst) to 1 (best); `null` where a label has no scale. */
  readonly score: number | null
  /** What raters agree in: the score, or the number of the label. */
  readonly value: number
}

export interface NameRatings {
  readonly name: string
  readonly level: Level
  readonly raters: readonly RaterOfName[]
  readonly ratings: readonly NamedRating[]
}

/** All feedback that can be compared, by name, in the order of the names. */
export function ratingsOf(
  feedback: readonly Feedback[],
  names: readonly FeedbackName[],
): NameRatings[] {
  const byName = new Map<string, Feedback[]>(names.map(({ name }) => [name, []]))
  for (const piece of feedback) byName.get(piece.name)?.push(piece)
  return names
    .map((meaning) => namedRatings(meaning, byName.get(meaning.name) ?? []))
    .filter(({ ratings }) => ratings.length > 0)
}

function namedRatings(meaning: FeedbackName, pieces: readonly Feedback[]): NameRatings {
  const raterOf = ratersOf(pieces)
  const labels = new Map<string, number>()
  const raters = new Map<string, RaterOfName>()
  const ratings = pieces.flatMap((piece): NamedRating[] => {
    const score = normalizedScore(piece, meaning)
    const value = score ?? (meaning.scale === null ? labelNumber(piece.label, labels) : undefined)
    if (value === undefined) return []
    const rater = raterOf(piece)
    raters.set(rater.id, rater)
    return [{ unit: unitOf(piece), rater, score, value }]
  })
  return { name: meaning.name, level: levelOf(meaning), raters: [...raters.values()], ratings }
}

function levelOf({ scale }: FeedbackName): Level {
  if (scale === null) return 'nominal'
  return typeof scale[0] === 'string' ? 'ordinal' : 'interval'
}

function labelNumber(label: string | null, known: Map<string, number>): number | undefined {
  if (label === null) return undefined
  const number = known.get(label) ?? known.size
  known.set(label, number)
  return number
}

function unitOf({ traceId, spanId }: Feedback): string {
  return `${traceId}:${spanId ?? ''}`
}

/**
 * Who gave a piece: its source, and the identifier where more than one thing has it. An identifier that is there once is
 * most often a random one, made because none was given.
 */
function ratersOf(pieces: readonly Feedback[]): (piece: Feedback) => RaterOfName {
  const units = new Map<string, Set<string>>()
  const keyOf = ({ source, identifier }: Feedback) => `${source} ${identifier}`
  for (const piece of pieces) {
    const seen = units.get(keyOf(piece))
    if (seen) seen.add(unitOf(piece))
    else units.set(keyOf(piece), new Set([unitOf(piece)]))
  }
  return (piece) => {
    const { source, identifier } = piece
    return (units.get(keyOf(piece))?.size ?? 0) > 1
      ? { id: keyOf(piece), source, identifier }
      : { id: source, source, identifier: null }
  }
}
