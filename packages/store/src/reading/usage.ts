import type { Attributes } from '../otlp/index.ts'
import { attributeFlag } from './attribute-flags.ts'
import { type Dialect, dialects } from './dialects/index.ts'
import { keyedNumber, keysOf, numberAmong } from './fields.ts'
import type { CanonicalSpan } from './rows.ts'

type Usage = Pick<
  CanonicalSpan,
  'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'reasoningTokens'
>

/** Of a span whose tokens are counted on others, or on none. */
export const noUsage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  costUsd: null,
}

const parts =
  attributeFlag.cacheReadTokens | attributeFlag.cacheWriteTokens | attributeFlag.reasoningTokens

const apart: ReadonlySet<string> = new Set(dialects.flatMap((dialect) => dialect.apart ?? []))

/**
 * Tokens of a model call. Some senders count cached tokens as a part of the input's, others beside them, and likewise thoughts and
 * the output's: here they are always a part.
 *
 * @param flags those of the attributes.
 */
export function usageOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  flags: number,
): Usage {
  const number = (field: 'inputTokens' | 'outputTokens') =>
    flags & attributeFlag[field] ? tokens(numberAmong(attributes, keysOf(dialect, field))) : null
  const inputTokens = number('inputTokens')
  const outputTokens = number('outputTokens')
  if (!(flags & parts)) {
    return {
      inputTokens,
      outputTokens,
      cacheReadTokens: null,
      cacheWriteTokens: null,
      reasoningTokens: null,
    }
  }
  const part = (field: 'cacheReadTokens' | 'cacheWriteTokens' | 'reasoningTokens') => {
    const found = keyedNumber(attributes, keysOf(dialect, field))
    const count = found === undefined ? null : tokens(found.number)
    return { count, isApart: found !== undefined && apart.has(found.key) }
  }
  const [read, write, thought] = [
    part('cacheReadTokens'),
    part('cacheWriteTokens'),
    part('reasoningTokens'),
  ]
  const cached = (read.count ?? 0) + (write.count ?? 0)
  const reasoning = thought.count ?? 0
  const total = numberAmong(attributes, keysOf(dialect, 'totalTokens'))
  const beside = besideOthers(
    { input: inputTokens ?? 0, output: outputTokens ?? 0, cached, reasoning, total },
    { cached: read.isApart || write.isApart, reasoning: thought.isApart },
  )
  return {
    inputTokens: inputTokens === null ? null : inputTokens + (beside.cached ? cached : 0),
    outputTokens: outputTokens === null ? null : outputTokens + (beside.reasoning ? reasoning : 0),
    cacheReadTokens: read.count,
    cacheWriteTokens: write.count,
    reasoningTokens: thought.count,
  }
}

interface Counted {
  readonly input: number
  readonly output: number
  readonly cached: number
  readonly reasoning: number
  readonly total: number | null
}

interface Beside {
  readonly cached: boolean
  readonly reasoning: boolean
}

/** Which tokens are counted beside the others: what the numbers themselves prove, else what the convention says. */
function besideOthers({ input, output, cached, reasoning, total }: Counted, said: Beside): Beside {
  if (total !== null) {
    const rest = total - input - output
    if (rest > 0 && rest === cached + reasoning) return { cached: true, reasoning: true }
    if (rest > 0 && rest === cached) return { cached: true, reasoning: false }
    if (rest > 0 && rest === reasoning) return { cached: false, reasoning: true }
    // Where a convention has them apart, a sum without them says that they are not.
    if (rest === 0) return { cached: cached > input, reasoning: reasoning > output }
  }
  // A part is not more than the whole.
  return { cached: said.cached || cached > input, reasoning: said.reasoning || reasoning > output }
}

function tokens(number: number | null): number | null {
  return number === null ? null : Math.min(Math.max(Math.round(number), 0), Number.MAX_SAFE_INTEGER)
}
