import { canonicalJson, valueHash } from '@trace2/core'
import { type Guide, type GuideTools, scoreSubjects } from '../guides/index.ts'
import { countingIn, type Scorer } from './scorer.ts'

export interface GuideScorerOptions {
  /** Times that a guide which asks a model is asked about each output: the mean of its answers counts. Default 1. */
  readonly repeats?: number
}

/**
 * Makes the scorer of an experiment from guides. If a guide cannot judge an output, or gives something else than a
 * score from 0 to 1, only its own score is missing.
 *
 * The scorer rejects if every further trial would fail too, for example because a key is refused or a budget is spent.
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
