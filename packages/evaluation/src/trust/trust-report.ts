import type { Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { type Agreement, agreement } from './agreement.ts'
import { type CombinedScore, combineRatings, type Rater, varianceOfPeople } from './combine.ts'
import type { Labelled } from './isotonic.ts'
import { type JudgeQuality, judgeQuality } from './judge-quality.ts'
import { type NamedRating, type NameRatings, type RaterOfName, ratingsOf } from './ratings.ts'

/** One rater of a name: who gives feedback under it, and how good this feedback is. */
export interface RaterReport extends RaterOfName {
  /** Number of runs and calls that the rater has rated. */
  readonly ratings: number
  /** How a judge compares with people. `null` for people, for judges without scores, and if labels have no scale. */
  readonly quality: JudgeQuality | null
  /** The name under which people gave the feedback that it is compared with. */
  readonly peopleUnder: string | null
  /**
   * The rater's part in the combined score of what all raters have rated, from 0 to 1. `null` if it has no part, as a
   * useless judge.
   */
  readonly share: number | null
}

/** What is known of the trust that feedback of one name deserves. */
export interface NameTrust {
  /** The name. */
  readonly name: string
  /** All who gave feedback under the name. */
  readonly raters: readonly RaterReport[]
  /** Number of runs and calls that have feedback of the name. */
  readonly units: number
  /** Number of runs and calls that more than one rater has rated. */
  readonly ratedBySeveral: number
  /** Agreement of all raters. `null` if nothing was rated by two, or if all ratings are the same. */
  readonly agreement: Agreement | null
  /** Agreement of people alone. `null` if nothing was rated by two people, or if all their ratings are the same. */
  readonly people: Agreement | null
  /** One score for each run or call (`traceId:spanId`), from what its raters say under the name, useless judges left out. */
  readonly combined: readonly CombinedScore[]
}

/** Options of {@link trustIn}. */
export interface TrustOptions {
  /** The only name of feedback to report. Default: all names. */
  readonly name?: string
  /** Seed of the resampling. Default 1. */
  readonly seed?: number
}

/**
 * Says which feedback deserves trust, by name: who gave it, how far they agree, which judges tell good from bad, and
 * the combined scores.
 *
 * @throws `T2_FEEDBACK_NAME` if there is no feedback of that name.
 */
export async function trustIn(
  store: Pick<Store, 'feedback' | 'feedbackNames'>,
  { name, seed = 1 }: TrustOptions = {},
): Promise<NameTrust[]> {
  const names = ratingsOf(await store.feedback(), await store.feedbackNames())
  const wanted = names.filter((each) => name === undefined || each.name === name)
  if (name !== undefined && wanted.length === 0) {
    const known = names.map((each) => each.name).join(', ')
    throw raise(
      'T2_FEEDBACK_NAME',
      `No feedback of the name ${name} has a score or a label${known === '' ? '.' : `; there is ${known}.`}`,
    )
  }
  const people = names.map(peopleOf).filter(({ labels }) => labels.size > 0)
  return wanted.map((each) => trustOf(each, people, seed))
}

/** What people say under one name: their scores of each thing. */
interface People {
  readonly name: string
  readonly labels: ReadonlyMap<string, readonly number[]>
}

function peopleOf({ name, ratings }: NameRatings): People {
  const labels = new Map<string, number[]>()
  for (const { unit, rater, score } of ratings) {
    if (rater.source !== 'human' || score === null) continue
    const given = labels.get(unit)
    if (given) given.push(score)
    else labels.set(unit, [score])
  }
  return { name, labels }
}

function trustOf(named: NameRatings, people: readonly People[], seed: number): NameTrust {
  const { name, level, ratings } = named
  const values = valuesByUnit(ratings)
  const ofPeople = ratings.filter(({ rater }) => rater.source === 'human')
  const judged = named.raters.map((rater) => {
    const own = ratings.filter((rating) => rating.rater.id === rater.id)
    const labels = rater.source === 'human' ? undefined : nearestPeople(name, own, people)
    const labelled = labels ? labelledBy(own, labels) : []
    const quality = labels && labelled.length > 0 ? judgeQuality(labelled, seed) : null
    return { rater, ratings: own.length, labels, quality }
  })
  const variance = varianceOfPeople([...peopleOf(named).labels.values()]) ?? null
  // A judge that is known to be of no use has no part in what all of them say.
  const heard = judged.filter(({ quality }) => !isUseless(quality))
  const raters = heard.map(({ rater, labels, quality }): Rater => {
    const isPerson = rater.source === 'human'
    const calibration = quality?.calibration
    return {
      id: rater.id,
      isPerson,
      errorVariance: isPerson
        ? variance
        : calibration && labels
          ? ownError(calibration.after.squaredError, labels)
          : null,
      ...(calibration ? { map: calibration.map } : {}),
    }
  })
  const scored = ratings.flatMap(({ unit, rater, score }) =>
    score === null ? [] : [{ unit, rater: rater.id, score }],
  )
  const shares = combineRatings(
    raters.map(({ id }) => ({ unit: '', rater: id, score: 0 })),
    scored.length > 0 ? raters : [],
  )[0]?.shares
  return {
    name,
    raters: judged.map(({ rater, ratings: count, labels, quality }) => ({
      ...rater,
      ratings: count,
      quality,
      peopleUnder: quality ? (labels?.name ?? null) : null,
      share: shares?.[rater.id] ?? null,
    })),
    units: values.length,
    ratedBySeveral: values.filter((unit) => unit.length > 1).length,
    agreement: agreement(values, level, seed) ?? null,
    people: agreement(valuesByUnit(ofPeople), level, seed) ?? null,
    combined: combineRatings(scored, raters),
  }
}

function valuesByUnit(ratings: readonly NamedRating[]): number[][] {
  const units = new Map<string, number[]>()
  for (const { unit, value } of ratings) {
    const values = units.get(unit)
    if (values) values.push(value)
    else units.set(unit, [value])
  }
  return [...units.values()]
}

function isUseless(quality: JudgeQuality | null): boolean {
  return quality?.state === 'useless' || quality?.state === 'upside down'
}

/** What people say under the judge's own name; else under the name that shares most with it. */
function nearestPeople(
  name: string,
  own: readonly NamedRating[],
  people: readonly People[],
): People | undefined {
  const shared = (each: People) => own.filter(({ unit }) => each.labels.has(unit)).length
  const ranked = people
    .map((each) => ({ each, count: shared(each) * (each.name === name ? own.length + 1 : 1) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
  return ranked[0]?.each
}

function labelledBy(own: readonly NamedRating[], { labels }: People): Labelled[] {
  return own.flatMap(({ unit, score }) => {
    const given = labels.get(unit)
    if (!given || score === null) return []
    return [{ score, label: given.reduce((sum, each) => sum + each, 0) / given.length }]
  })
}

/** The error of a judge without that of the people it is measured by, who err as well. */
function ownError(squaredError: number, { labels }: People): number {
  const given = [...labels.values()]
  const variance = varianceOfPeople(given)
  if (variance === undefined) return squaredError
  const ofMean = given.reduce((sum, { length }) => sum + variance / length, 0) / given.length
  return Math.max(squaredError - ofMean, squaredError / 4)
}
