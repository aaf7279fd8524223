import type { PriceTable } from '@trace2/evaluation/llm'
import type { Dataset, Store } from '@trace2/store'

/**
 * Looks, before anything is paid for, whether a limit in USD can be kept.
 *
 * @param asked the model that is asked in each trial, where that is known; otherwise it is those of the stored runs.
 * @throws T2_PRICE_UNKNOWN
 */
export async function checkPrices(
  store: Store,
  { cases }: Dataset,
  asked: string | undefined,
  prices: PriceTable | undefined,
): Promise<void> {
  const { refuseUnpriced, unpricedModels } = await import('@trace2/evaluation')
  const { priceOf } = await import('@trace2/evaluation/llm')
  refuseUnpriced(
    asked === undefined
      ? await unpricedModels(store, cases, prices)
      : [asked].filter((model) => priceOf(model, prices) === undefined),
  )
}
