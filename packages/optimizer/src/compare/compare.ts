import type { Json } from '@trace2/core'
import { type FeedbackName, rankedNames, type ScoreSummary, type Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { inForce } from './in-force.ts'
import { type Interval, meanInterval } from './interval.ts'

/** Options of {@link compareVersions}. */
export interface CompareOptions {
  /** ISO 8601 time; runs that started earlier are left out. */
  readonly since?: string
  /** Name of feedback that comes first. Default: the one that counts most. */
  readonly objective?: string
  /** Path of the parameters file that the agent reads. Values in this file are in force. */
  readonly file?: string
}

/** The versions of a parameter side by side. */
export interface Comparison {
  /** Name of the parameter. */
  readonly parameter: string
  /** Names under which some version has scores; the objective first. */
  readonly names: readonly FeedbackName[]
  /** The versions of the parameter, the oldest first. */
  readonly versions: readonly ComparedVersion[]
}

/** One version of a parameter, with the scores of its runs. */
export interface ComparedVersion {
  /** The version. */
  readonly version: string
  /** The value. */
  readonly value: Json
  /** Whether runs get this version now. If the parameters file has variants, several versions are in force. */
  readonly inForce: boolean
  /** Number of runs that used this version. */
  readonly runs: number
  /** When the store first saw this version, as an ISO 8601 time. */
  readonly firstSeenAt: string
  /** When the first run that used it started, as an ISO 8601 time; `null` if no run did. */
  readonly firstRunAt: string | null
  /** When the last run that used it started, as an ISO 8601 time; `null` if no run did. */
  readonly lastRunAt: string | null
  /** The scores of these runs, for each name of feedback. */
  readonly scores: readonly ComparedScore[]
}

/** Scores of the runs of a version under one name. */
export interface ComparedScore extends Interval {
  /** Name of the feedback. */
  readonly name: string
  /** Number of runs that have a score under this name. Each run counts once. */
  readonly runs: number
  /**
   * Mean of the scores, on the scale of the name, as the limits `low` and `high` are. Of categories: from 0 (worst) to
   * 1 (best).
   */
  readonly mean: number
  /** Mean and limits from 0 (worst) to 1 (best). */
  readonly normalized: Interval & { readonly mean: number }
}

/**
 * Compares the versions of a parameter by the feedback on their runs: for each name the number of runs, the mean and
 * its 95 % interval ({@link meanInterval}). Versions without runs are listed too. The comparison does not show causes:
 * versions may differ because they served other users, or at another time.
 *
 * @throws `T2_PARAMETER_UNKNOWN`; `T2_OBJECTIVE` if there is no such name; `T2_PARAMETERS_FILE` if the file cannot be
 * read.
 * @example const { versions } = await compareVersions(store, 'triage.system', { since: '2026-11-01' })
 */
export async function compareVersions(
  store: Store,
  parameter: string,
  options: CompareOptions = {},
): Promise<Comparison> {
  const { since, objective, file } = options
  const history = await store.parameterHistory(parameter)
  const current = await inForce(store, parameter, file)
  const scored = await store.parameterScores(parameter, since === undefined ? {} : { since })
  const known = await store.feedbackNames()
  if (objective !== undefined && !known.some(({ name }) => name === objective)) {
    throw raise('T2_OBJECTIVE', `There is no feedback with the name ${JSON.stringify(objective)}.`)
  }
  const ranked = rankedNames(known, objective)
  const ordered = [...ranked, ...known.filter((name) => !ranked.includes(name))]
  const present = new Set(scored.flatMap(({ scores }) => scores.map(({ name }) => name)))
  const names = ordered.filter(({ name }) => present.has(name))
  const byVersion = new Map(scored.map((one) => [one.version, one]))
  return {
    parameter,
    names,
    versions: history.map(({ version, value, firstSeenAt }): ComparedVersion => {
      const own = byVersion.get(version)
      return {
        version,
        value,
        inForce: current.has(version),
        runs: own?.runs ?? 0,
        firstSeenAt,
        firstRunAt: own?.firstRunAt ?? null,
        lastRunAt: own?.lastRunAt ?? null,
        scores: names.flatMap((name) => {
          const summary = own?.scores.find((one) => one.name === name.name)
          return summary ? comparedScore(summary, name) : []
        }),
      }
    }),
  }
}

function comparedScore(summary: ScoreSummary, { scale, direction }: FeedbackName): ComparedScore[] {
  const interval = meanInterval(summary)
  if (!interval) return []
  const { name, runs, mean } = summary
  const [first, last] = scale ?? []
  const ends =
    typeof first === 'number' && typeof last === 'number' ? { first, last } : { first: 0, last: 1 }
  const isLower = direction === 'lower' && typeof first === 'number'
  const onScale = (share: number) =>
    isLower
      ? ends.last * (1 - share) + ends.first * share
      : ends.first * (1 - share) + ends.last * share
  const [a, b] = [onScale(interval.low), onScale(interval.high)]
  return [
    {
      name,
      runs,
      mean: onScale(mean),
      low: Math.min(a, b),
      high: Math.max(a, b),
      normalized: { mean, ...interval },
    },
  ]
}

/** Whether two versions have scores under one name, so that there is anything to compare. */
export function sharesName({ versions }: Comparison): boolean {
  const names = versions.flatMap(({ scores }) => scores.map(({ name }) => name))
  return new Set(names).size < names.length
}
