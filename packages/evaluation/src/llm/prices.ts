/** Price of a model in US dollars per million tokens. */
export interface Price {
  /** Price of a million input tokens, in US dollars. */
  readonly input: number
  /** Price of a million output tokens, in US dollars. */
  readonly output: number
}

/**
 * Prices by the name of the model. A dated name (`gpt-4o-2024-08-06`) has the price of the longest name in the table
 * that it starts with.
 */
export type PriceTable = { readonly [model: string]: Price }

/** The day on which the figures below were written down. They are list prices without discounts: override what differs. */
export const pricesAsOf = '2025-08-07'

/** Standard list prices of OpenAI's API; the simulated model costs nothing. */
export const defaultPrices: PriceTable = {
  'gpt-5': { input: 1.25, output: 10 },
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-5-nano': { input: 0.05, output: 0.4 },
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'gpt-4o': { input: 2.5, output: 10 },
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
  o3: { input: 2, output: 8 },
  'o4-mini': { input: 1.1, output: 4.4 },
  'text-embedding-3-small': { input: 0.02, output: 0 },
  'text-embedding-3-large': { input: 0.13, output: 0 },
  'simulated-small': { input: 0, output: 0 },
  'simulated-embedding': { input: 0, output: 0 },
}

/** The price of a model, or `undefined` where none is known. */
export function priceOf(model: string, prices: PriceTable = defaultPrices): Price | undefined {
  const exact = Object.hasOwn(prices, model) ? prices[model] : undefined
  if (exact) return exact
  const family = Object.keys(prices)
    .filter((name) => model.startsWith(`${name}-2`))
    .sort((a, b) => b.length - a.length)[0]
  return family === undefined ? undefined : prices[family]
}

/** What so many tokens cost in USD, or `null` where no price is known. */
export function costOf(
  model: string,
  inputTokens: number,
  outputTokens: number,
  prices?: PriceTable,
): number | null {
  const price = priceOf(model, prices)
  return price ? (inputTokens * price.input + outputTokens * price.output) / 1e6 : null
}
