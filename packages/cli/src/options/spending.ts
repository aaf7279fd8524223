import type { PriceTable } from '@trace2/optimizer'
import { type Command, InvalidArgumentError } from 'commander'
import { numberArgument, wholeNumber } from './numbers.ts'

/** What {@link addSpendingOptions} gives to a command. */
export interface SpendingOptions {
  readonly maxCalls?: number
  readonly maxCost?: number
  readonly price?: PriceTable
}

/** The limits on what may be spent on models, checked before each call. */
export function addSpendingOptions(command: Command): Command {
  return command
    .option('--max-calls <n>', 'calls of models', wholeNumber(1))
    .option('--max-cost <USD>', 'money', numberArgument)
    .option(
      '--price <model=in,out>',
      'USD for a million tokens in and out, where the list price is unknown or not yours; may be repeated',
      priceArgument,
    )
}

function priceArgument(text: string, before: PriceTable | undefined): PriceTable {
  const [, model, input, output] = /^(.+)=([^,=]+),([^,=]+)$/.exec(text) ?? []
  if (model === undefined || input === undefined || output === undefined) {
    throw new InvalidArgumentError('Write it as gpt-4o-mini=0.15,0.60.')
  }
  return { ...before, [model]: { input: numberArgument(input), output: numberArgument(output) } }
}

/** List prices, with those that were given instead; `undefined` where none was given. */
export async function pricesWith(given: PriceTable | undefined): Promise<PriceTable | undefined> {
  if (!given) return undefined
  const { defaultPrices } = await import('@trace2/optimizer')
  return { ...defaultPrices, ...given }
}
