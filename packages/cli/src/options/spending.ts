import type { PriceTable } from '@trace2/evaluation/llm'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { amountArgument, wholeNumber } from './numbers.ts'

/** What {@link addSpendingOptions} gives to a command. */
export interface SpendingOptions {
  readonly maxCalls?: number
  readonly maxTotalTokens?: number
  readonly maxCost?: number
  readonly price?: PriceTable
}

/** The limits on what may be spent on models, checked before each call. */
export function addSpendingOptions(command: Command): Command {
  return command
    .option('--max-calls <n>', 'calls of models', wholeNumber(1))
    .option(
      '--max-total-tokens <n>',
      'input and output tokens of all calls together',
      wholeNumber(1),
    )
    .addOption(maxCostOption())
    .addOption(priceOption())
}

/** `--max-cost`, the same in every command. */
export function maxCostOption(): Option {
  return new Option('--max-cost <USD>', 'money').argParser(amountArgument)
}

/** `--price`, in every command that limits money. */
export function priceOption(): Option {
  const what =
    'USD for a million tokens in and out, where the list price is unknown or not yours; may be repeated'
  return new Option('--price <model=in,out>', what).argParser(priceArgument)
}

/** What {@link addRateOptions} gives to a command. */
export interface RateOptions {
  readonly concurrency?: number
  readonly callsPerMinute?: number
  readonly tokensPerMinute?: number
}

/** How fast models may be asked. */
export function addRateOptions(command: Command): Command {
  return command
    .option('--concurrency <n>', 'so many at the same time (default: 4)', wholeNumber(1))
    .option('--calls-per-minute <n>', 'begin at most so many calls in any minute', wholeNumber(1))
    .option(
      '--tokens-per-minute <n>',
      'begin calls of at most so many tokens in any minute',
      wholeNumber(1),
    )
}

function priceArgument(text: string, before: PriceTable | undefined): PriceTable {
  const [, model, input, output] = /^(.+)=([^,=]+),([^,=]+)$/.exec(text) ?? []
  if (model === undefined || input === undefined || output === undefined) {
    throw new InvalidArgumentError('Write it as gpt-4o-mini=0.15,0.60.')
  }
  return { ...before, [model]: { input: amountArgument(input), output: amountArgument(output) } }
}

/** List prices, with those that were given instead; `undefined` where none was given. */
export async function pricesWith(given: PriceTable | undefined): Promise<PriceTable | undefined> {
  if (!given) return undefined
  const { defaultPrices } = await import('@trace2/evaluation/llm')
  return { ...defaultPrices, ...given }
}
