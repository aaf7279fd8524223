import type { Json } from '@trace2/core'
import { showValue, words } from '@trace2/core'
import { answersInside, type Feedback, readableText } from '@trace2/store'
import type { Backward, UnreachedReason } from '../backward/index.ts'
import { deciding, isGood, type Measures, type Scores, scoresOf } from './measures.ts'

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
  /** From 0 (worst) to 1 (best) under each name of feedback. */
  readonly scores: Scores
  /** Under the objective, or where the run has no score under it, under the next name that counts. */
  readonly score: number | undefined
  /** The words by which runs are alike: see {@link featuresOf}. */
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
  measures: Measures,
  once: (version: UsedVersion) => UsedVersion = (version) => version,
): Digest {
  const about = new Set(targets.map(({ node }) => node))
  const answers = answersInside(graph.nodes, graph.edges)
  const outputs = graph.nodes
    .filter(({ id }) => about.has(id))
    .map((node) => answers.get(node.id) ?? node)
    .map((node) =>
      ('dialect' in node && node.dialect !== 'trace2'
        ? readableText(node.value)
        : showValue(node.value)
      ).slice(0, outputLength),
    )
  const feedback = targets.map((target) => target.feedback)
  const scores = scoresOf(feedback, measures)
  return {
    run: graph.run,
    reached: reached.map(({ parameter: { name, version, value } }) =>
      once({ name, version, value }),
    ),
    unreached: unreached.map(({ parameter, reason, detail }) => {
      return { name: parameter.name, reason, detail }
    }),
    feedback: targets.length,
    scores,
    score: deciding(scores, measures),
    features: featuresOf(feedback, scores, outputs),
  }
}

const outputLength = 600
/** Fewer different words than this name no kind: "Wrong." is said of everything. */
const telling = 2

/**
 * What was said about a run, under whatever name: of a run that failed under some name, what was said where it failed or
 * without a score. Only where that is next to nothing, the outputs stand beside it, and the names in its place, so that long
 * outputs never outweigh what people said of them.
 */
function featuresOf(
  feedback: readonly Feedback[],
  scores: Scores,
  outputs: readonly string[],
): string {
  const failed = feedback.filter(({ name }) => !isGood(scores.get(name) ?? 0))
  const said = (pieces: readonly Feedback[]) =>
    pieces.map(({ label, comment }) => `${label ?? ''} ${comment ?? ''}`).join('\n')
  const about = failed.length > 0 ? failed : feedback
  const text = said(about)
  const told = new Set(words(text)).size
  if (told >= telling) return text
  const names = told === 0 ? about.map(({ name }) => name) : []
  return [text, ...names, ...outputs].join('\n')
}
