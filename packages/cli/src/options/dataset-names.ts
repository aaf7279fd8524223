import type { Store } from '@trace2/store'
import { argument } from './carried.ts'

/** Names of the datasets, the one that was changed last first. */
export async function datasetNames(store: Pick<Store, 'datasets'>): Promise<readonly string[]> {
  return (await store.datasets())
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
    .map(({ name }) => name)
}

/** The option of a suggested command: of several datasets the one that was changed last is meant. */
export function onLatest(datasets: readonly string[]): string {
  const [latest, ...others] = datasets
  return latest !== undefined && others.length > 0 ? ` --dataset ${argument(latest)}` : ''
}
