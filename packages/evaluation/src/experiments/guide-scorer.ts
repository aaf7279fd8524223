import { canonicalJson, valueHash } from '@trace2/core'
import { type Guide, type GuideTools, scoreSubjects } from '../guides/index.ts'
import { countingIn, type Scorer } from './scorer.ts'

export interface GuideScorerOptions {
  /** Times that a guide which asks a model is asked about each output: the mean of its answers counts. Default 1. */
  readonly repeats?: number
}

/**
 * Guides as the scorer of an experiment. What a guide cannot judge, and what it gives that is no score from 0 to 1, costs
 * its own result; what would befall every trial that follows (a key that is not taken, a budget that is spent) rejects.
 */
export function guideScorer(
  guides: readonly Guide[],
  tools: GuideTools,
  { repeats = 1 }: GuideScorerOptions = {},
): Scorer {
  return {
    guides: guides.map(({ name }) => name),
    hash: valueHash({
      guides: guides.map(({ name, definition }) => ({ name, definition })),
      repeats,
    }),
    needsBase: guides.some(comparesWithBase),
    needsReference: (metric) =>
      countingIn(metric, guides, ({ name }) => name).some(({ needsReference }) => needsReference),
    async score({ inputs, reference }, output, { base, signal }) {
      const subject = {
        output,
        input: inputs,
        ...(reference === null ? {} : { reference }),
        ...(base === undefined ? {} : { base }),
      }
      const asked = signal === undefined ? tools : { ...tools, signal }
      const { scores } = await scoreSubjects(guides, [subject], asked, { repeats })
      const [own = []] = scores
      return own.map(({ asks: _, ...score }) => score)
    },
  }
}

function comparesWithBase({ definition }: Guide): boolean {
  return canonicalJson(definition).includes('"kind":"compare"')
}
