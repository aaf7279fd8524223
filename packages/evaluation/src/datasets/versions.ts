import type { Case, Dataset, DatasetVersion, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { type Composed, type ComposeOptions, composeCases } from './compose.ts'
import type { Draft } from './draft.ts'
import {
  originWithShares,
  type SplitShares,
  sharesOfOrigin,
  sharesText,
  usualShares,
} from './shares.ts'

/** What datasets need of a store. */
export type DatasetStore = Pick<Store, 'addDataset' | 'datasets' | 'dataset'>

/** Options of {@link putDataset}. */
export interface DatasetChange extends Pick<ComposeOptions, 'keep' | 'similarity' | 'onProgress'> {
  /** Where the drafts come from, in words. */
  readonly origin: string
  /**
   * Shares of the groups in each split, in percent. Default: those of the version before, and for the first version
   * {@link usualShares}.
   */
  readonly shares?: SplitShares
}

/** The result of {@link putDataset}. */
export interface ChangedDataset extends Omit<Composed, 'cases'> {
  /** The version that holds the cases. */
  readonly version: DatasetVersion
  /** Whether the latest version has exactly these cases. No new version is stored then. */
  readonly same: boolean
}

/**
 * Makes the next version of a dataset from drafts, and with `keep` from the cases that it has too. A case that stays
 * keeps its id, group and split.
 *
 * @throws {Trace2Error} `T2_DATASET_EMPTY` if no case would be left; `T2_DATASET_SHARES` if the dataset was split by
 * other shares.
 */
export async function putDataset(
  store: DatasetStore,
  name: string,
  drafts: readonly Draft[],
  { origin, shares: wanted, ...change }: DatasetChange,
): Promise<ChangedDataset> {
  const before = await latest(store, name)
  const shares = before ? sharesOfOrigin(before.origin) : (wanted ?? usualShares)
  if (wanted && sharesText(wanted) !== sharesText(shares)) {
    const text = sharesText(shares)
    throw raise('T2_DATASET_SHARES', `${name} is split ${text}: other shares would move its cases.`)
  }
  const composed = composeCases(drafts, { before: before?.cases ?? [], shares, ...change })
  return keepVersion(store, { name, origin: originWithShares(origin, shares) }, before, composed)
}

/**
 * Makes a version without some cases. A case is given by its id or a unique prefix of it.
 *
 * @throws {Trace2Error} `T2_CASE_UNKNOWN` if no case has an id, or several have; `T2_DATASET_EMPTY` if no case would be
 * left.
 */
export async function removeCases(
  store: DatasetStore,
  name: string,
  ids: readonly string[],
): Promise<ChangedDataset> {
  const before = await store.dataset(name)
  const removed = new Set(ids.map((id) => findCase(before, id).id))
  const cases = before.cases.filter(({ id }) => !removed.has(id))
  const said = removed.size > mostNamed ? `${removed.size} cases` : [...removed].join(', ')
  const origin = originWithShares(`without ${said}`, sharesOfOrigin(before.origin))
  const composed = { ...composeCases([]), cases, unchanged: cases.length, removed: removed.size }
  return keepVersion(store, { name, origin }, before, composed)
}

/** The case with this id, or unique prefix of one. */
export function findCase({ name, cases }: Dataset, id: string): Case {
  const found = cases.filter((each) => each.id.startsWith(id.toLowerCase()))
  const [first, second] = found
  if (!first || id === '') throw raise('T2_CASE_UNKNOWN', `${name} has no case ${id}.`)
  if (second) throw raise('T2_CASE_UNKNOWN', `${found.length} cases of ${name} begin with ${id}.`)
  return first
}

/** Ids that an origin names at most. */
const mostNamed = 5

async function keepVersion(
  store: DatasetStore,
  version: { readonly name: string; readonly origin: string },
  before: Dataset | undefined,
  { cases, ...counts }: Composed,
): Promise<ChangedDataset> {
  if (cases.length === 0) {
    throw raise('T2_DATASET_EMPTY', `${version.name} would have no case.`)
  }
  const stored = await store.addDataset({ ...version, cases })
  return { ...counts, version: stored, same: stored.version === before?.version }
}

async function latest(store: DatasetStore, name: string): Promise<Dataset | undefined> {
  const known = (await store.datasets()).some((each) => each.name === name)
  return known ? store.dataset(name) : undefined
}
