import type { Case, Store } from '@trace2/store'
import type { TrialAnswer } from '../agents/index.ts'
import { raise } from '../errors.ts'
import { type PriceTable, priceOf } from '../llm/index.ts'

/** Runs that are looked into: an agent asks the same models in each. */
const mostRuns = 200

/**
 * Returns the models that the stored runs of cases asked and that have no known price, neither in the spans nor in the
 * price list. A limit in USD could not be kept with them.
 */
export async function unpricedModels(
  store: Pick<Store, 'sql'>,
  cases: readonly Pick<Case, 'run'>[],
  prices?: PriceTable,
): Promise<readonly string[]> {
  const traces = new Set(
    cases.flatMap(({ run }) => /^[0-9a-f]{32}(?=:|$)/.exec(run ?? '')?.[0] ?? []),
  )
  if (traces.size === 0) return []
  // Hex digits; nothing else may become part of a query.
  const named = [...traces].slice(0, mostRuns).map((trace) => `'${trace}'`)
  const { rows } = await store.sql(
    `SELECT DISTINCT model FROM v_span WHERE trace_id IN (${named.join(', ')})
     AND model IS NOT NULL AND cost_usd IS NULL AND coalesce(input_tokens, output_tokens) IS NOT NULL
     ORDER BY model`,
  )
  return rows
    .map(([model]) => String(model))
    .filter((model) => priceOf(model, prices) === undefined)
}

/** @throws T2_PRICE_UNKNOWN where there are any. */
export function refuseUnpriced(models: readonly string[]): void {
  if (models.length === 0) return
  throw raise('T2_PRICE_UNKNOWN', `USD are limited, but ${noPrice(models)}.`)
}

/**
 * Looks whether it is known what a trial has cost.
 *
 * @throws T2_PRICE_UNKNOWN
 */
export function refuseUnknownCost({ costUsd, unpriced = [], used, outcome }: TrialAnswer): void {
  if (costUsd !== null) return
  refuseUnpriced(unpriced)
  if (used === null && outcome === 'done') {
    const what = 'USD are limited, but nothing tells what a trial costs: the agent sends no spans.'
    throw raise('T2_PRICE_UNKNOWN', what)
  }
}

function noPrice(models: readonly string[]): string {
  const names = models.join(', ')
  return models.length === 1
    ? `the price of ${names} is not known`
    : `no price is known of ${names}`
}
