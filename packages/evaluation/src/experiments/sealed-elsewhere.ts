import { counted } from '@trace2/core'
import type { Case, Dataset, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { contentOf } from './look-history.ts'

/**
 * Refuses to show the scores of cases that are the holdout of another dataset: they would decide nothing there any more.
 *
 * @throws T2_HOLDOUT_SEALED
 */
export async function checkSealedElsewhere(
  store: Pick<Store, 'datasets' | 'dataset'>,
  { name: own }: Pick<Dataset, 'name'>,
  cases: readonly Case[],
): Promise<void> {
  const asked = new Set(cases.map(contentOf))
  for (const { name, counts } of await store.datasets()) {
    if (name === own || counts.splits.holdout === 0) continue
    const { cases: there } = await store.dataset(name)
    const sealed = there.filter((one) => one.split === 'holdout' && asked.has(contentOf(one)))
    if (sealed.length === 0) continue
    throw raise(
      'T2_HOLDOUT_SEALED',
      `The dataset ${name} keeps ${counted(sealed.length, 'case')} of these as its holdout: once their scores were shown, they would decide nothing there.`,
    )
  }
}
