import type { Feedback } from '@trace2/collector/store'
import type { Json } from '@trace2/instrumentation/semconv'
import type { Backward, UnreachedReason } from '../backward/index.ts'
import { showValue } from '../text/show.ts'

/** A run with its feedback carried back. */
export type Pass = Backward<Feedback>

/**
 * What is kept of a pass where thousands are looked at: enough to choose among them, and to say what was tried and what was
 * not reached. It holds nothing of the run's graph.
 */
export interface Digest {
  readonly run: string
  readonly reached: readonly UsedVersion[]
  readonly unreached: readonly {
    readonly name: string
    readonly reason: UnreachedReason
    readonly detail: string
  }[]
  /** How many pieces of feedback lie on the run. */
  readonly feedback: number
  /** Mean of the scores on the run; `undefined` where it has none. */
  readonly score: number | undefined
  /** What was said about the run, twice as important, and the beginning of what it was said about. */
  readonly features: string
}

/** A version of a parameter that feedback reached. */
export interface UsedVersion {
  readonly name: string
  readonly version: string
  readonly value: Json
}

/** Reduces a pass to its digest. `once` gives an equal version that is known already, so that each is kept once. */
export function digestOf(
  { graph, reached, unreached, targets }: Pass,
  once: (version: UsedVersion) => UsedVersion = (version) => version,
): Digest {
  const about = new Set(targets.map(({ node }) => node))
  const outputs = graph.nodes
    .filter(({ id }) => about.has(id))
    .map(({ value }) => showValue(value).slice(0, outputLength))
  const said = targets
    .map(({ feedback }) => `${feedback.name} ${feedback.label ?? ''} ${feedback.comment ?? ''}`)
    .join('\n')
  const scores = targets.flatMap(({ feedback }) => feedback.score ?? [])
  const sum = scores.reduce((total, score) => total + score, 0)
  return {
    run: graph.run,
    reached: reached.map(({ parameter: { name, version, value } }) =>
      once({ name, version, value }),
    ),
    unreached: unreached.map(({ parameter, reason, detail }) => {
      return { name: parameter.name, reason, detail }
    }),
    feedback: targets.length,
    score: scores.length === 0 ? undefined : sum / scores.length,
    features: [said, said, ...outputs].join('\n'),
  }
}

const outputLength = 600
