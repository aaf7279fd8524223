import type { Draft } from '@trace2/evaluation'
import type { Dataset, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { counted } from '../text/values.ts'

/** Name of the dataset that is made of stored runs where there is none. */
const ofRuns = 'runs'
/** Runs that it is made of: the latest. */
const mostRuns = 200

/**
 * The dataset that is named `NAME` or `NAME@VERSION`; without a name, the only one there is, or one that is made of the
 * latest stored runs.
 *
 * @param learnedFrom runs that candidates were learned from: in a dataset that is made, they are to learn from.
 * @param tell is told what was made.
 */
export async function datasetFor(
  store: Store,
  named: string | undefined,
  learnedFrom: ReadonlySet<string>,
  tell: (text: string) => void,
): Promise<Dataset> {
  if (named !== undefined) {
    const [, name = named, version] = /^(.+)@(\d+)$/.exec(named) ?? []
    return store.dataset(name, version === undefined ? undefined : Number(version))
  }
  const datasets = await store.datasets()
  const [only] = datasets
  if (only && datasets.length === 1) return store.dataset(only.name)
  if (only) {
    const names = datasets.map(({ name }) => name).join(', ')
    throw raise('T2_USAGE', `Say which dataset with --dataset: ${names}.`)
  }
  const { casesOfRuns, putDataset } = await import('@trace2/evaluation')
  const { drafts, origin } = await casesOfRuns(store, { query: { limit: mostRuns } })
  if (drafts.length === 0) {
    throw raise('T2_NO_CASES', 'There is no dataset, and no stored run that a case can be made of.')
  }
  const split = (draft: Draft): Draft =>
    draft.run !== null && learnedFrom.has(draft.run) ? { ...draft, split: 'train' } : draft
  const { version } = await putDataset(store, ofRuns, drafts.map(split), { origin })
  const { cases, splits } = version.counts
  tell(
    `No dataset yet: made ${ofRuns} of ${counted(drafts.length, 'stored run')}: ${counted(cases, 'case')}, of which ${splits.train} to learn from, ${splits.validation} to select on and ${splits.holdout} to decide on.`,
  )
  return store.dataset(version.name)
}
