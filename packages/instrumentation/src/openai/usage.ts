import type { Attributes } from '@opentelemetry/api'
import { member, numberOf } from './json.ts'
import { genAi, openInference } from './names.ts'

/** Token counts, as chat completions and embeddings or as responses have them. */
export function usageAttributes(usage: unknown): Attributes {
  const count = (...keys: readonly string[]) =>
    keys.map((key) => numberOf(member(usage, key))).find((value) => value !== undefined)
  const detail = (key: string, ...lists: readonly string[]) =>
    lists
      .map((list) => numberOf(member(member(usage, list), key)))
      .find((value) => value !== undefined)
  const input = count('prompt_tokens', 'input_tokens')
  const output = count('completion_tokens', 'output_tokens')
  const cached = detail('cached_tokens', 'prompt_tokens_details', 'input_tokens_details')
  const reasoning = detail('reasoning_tokens', 'completion_tokens_details', 'output_tokens_details')
  return present({
    [genAi.inputTokens]: input,
    [genAi.outputTokens]: output,
    [genAi.cachedTokens]: cached,
    [genAi.reasoningTokens]: reasoning,
    [openInference.promptTokens]: input,
    [openInference.completionTokens]: output,
    [openInference.totalTokens]: count('total_tokens'),
    [openInference.cachedTokens]: cached,
    [openInference.reasoningTokens]: reasoning,
  })
}

/** The attributes that have a value. */
export function present(
  attributes: Readonly<Record<string, Attributes[string] | null>>,
): Attributes {
  const found: Attributes = {}
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) found[key] = value
  }
  return found
}
