import type { Draft } from '@trace2/evaluation/datasets'
import type { Dataset, DatasetVersion, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { counted } from '../text/values.ts'

/** Name of the dataset that is made of stored runs where there is none. */
const ofRuns = 'runs'
/** Runs that it is made of: the latest. */
const mostRuns = 200
/** How the origin of a version begins that no person asked for. */
const madeHere = 'the latest runs when a change was tried: '

/**
 * The dataset that is named `NAME` or `NAME@VERSION`; without a name, the only one there is, or one that is made of the
 * latest stored runs. One that was made here follows the runs and what is said of them, until a verdict has looked at it.
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
  if (only && datasets.length > 1) {
    const names = datasets.map(({ name }) => name).join(', ')
    throw raise('T2_USAGE', `Say which dataset with --dataset: ${names}.`)
  }
  if (only && !(await isToFollow(store, only))) return store.dataset(only.name)
  const { casesOfRuns, putDataset } = await import('@trace2/evaluation/datasets')
  const { drafts, origin } = await casesOfRuns(store, { query: { limit: mostRuns } })
  if (drafts.length === 0) {
    if (only) return store.dataset(only.name)
    throw raise('T2_NO_CASES', 'There is no dataset, and no stored run that a case can be made of.')
  }
  const split = (draft: Draft): Draft =>
    draft.run !== null && learnedFrom.has(draft.run) ? { ...draft, split: 'train' } : draft
  const { version, same } = await putDataset(store, only?.name ?? ofRuns, drafts.map(split), {
    origin: madeHere + origin,
    keep: true,
  })
  const { cases, splits } = version.counts
  const made = only
    ? `${version.name} follows the runs`
    : `No dataset yet: made ${version.name} of ${counted(drafts.length, 'stored run')}`
  if (!same) {
    tell(
      `${made}: ${counted(cases, 'case')}, of which ${splits.train} to learn from, ${splits.validation} to select on and ${splits.holdout} to decide on.`,
    )
  }
  return store.dataset(version.name)
}

/** What a person has made or changed is left as it is, and so is what has decided: more cases would make it another test. */
async function isToFollow(store: Store, { name, origin }: DatasetVersion): Promise<boolean> {
  if (!origin.startsWith(madeHere)) return false
  return (await store.looks(name)).every(({ split }) => split !== 'holdout')
}
