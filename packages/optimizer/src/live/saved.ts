import type { Json } from '@trace2/core'
import type { Digest } from '../batch/index.ts'
import { raise } from '../errors.ts'

/** The state of an optimizer as JSON: the values in force, and the values that were tried before. */
export interface SavedOptimizer {
  /** Version of the format. */
  readonly trace2: 1
  /** The values in force, by the name of the parameter. */
  readonly parameters: { readonly [name: string]: Json }
  /** Runs of earlier steps, with the values that they tried. */
  readonly tried: readonly SavedRun[]
}

/** A run of an earlier step: the values that feedback reached, and the scores that these earned it. */
export interface SavedRun {
  /** Id of the run. */
  readonly run: string
  /** The score of the run under the objective, from 0 to 1; `null` if it has none. */
  readonly score: number | null
  /** Scores from 0 to 1, by the name of the feedback. Absent if an older version saved the run. */
  readonly scores?: { readonly [name: string]: number }
  /** The values that feedback on the run reached. */
  readonly values: readonly {
    readonly name: string
    readonly version: string
    readonly value: Json
  }[]
}

export function savedRun({ run, score, scores, reached }: Digest): SavedRun {
  return { run, score: score ?? null, scores: Object.fromEntries(scores), values: reached }
}

export function digestOfSaved({ run, score, scores = {}, values }: SavedRun): Digest {
  const known = { score: score ?? undefined, scores: new Map(Object.entries(scores)) }
  return { run, ...known, reached: values, feedback: 0, unreached: [], features: '' }
}

/** @throws `T2_SAVED_OPTIMIZER` for anything that `save()` has not given. */
export function readSaved(saved: unknown): SavedOptimizer {
  if (isSaved(saved)) return saved
  throw raise('T2_SAVED_OPTIMIZER', 'This is not what save() of an optimizer gives.')
}

function isSaved(saved: unknown): saved is SavedOptimizer {
  return (
    isObject(saved) &&
    saved.trace2 === 1 &&
    isObject(saved.parameters) &&
    Array.isArray(saved.tried) &&
    saved.tried.every(isSavedRun)
  )
}

function isSavedRun(run: unknown): run is SavedRun {
  return (
    isObject(run) &&
    typeof run.run === 'string' &&
    (run.score === null || typeof run.score === 'number') &&
    (run.scores === undefined ||
      (isObject(run.scores) &&
        Object.values(run.scores).every((score) => typeof score === 'number'))) &&
    Array.isArray(run.values) &&
    run.values.every(
      (value) =>
        isObject(value) &&
        typeof value.name === 'string' &&
        typeof value.version === 'string' &&
        value.value !== undefined,
    )
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
