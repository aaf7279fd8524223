import { printable } from '@trace2/core'
import type { LlmActivity, ModelLimits, Spent } from '@trace2/evaluation/llm'
import { costText, counted } from './values.ts'

/** What models are being asked: `1 of 3 calls, about 120 tokens so far, $0.01`. */
export function askingText({ done, known, tokens }: LlmActivity, spent?: Spent): string {
  return [
    ...(known === 0 ? [] : [`${done} of ${counted(known, 'call')}`]),
    ...(tokens === 0 ? [] : [`about ${counted(tokens, 'token')} so far`]),
    ...(spent === undefined || spent.calls === 0 ? [] : [costText(spent.costUsd)]),
  ].join(', ')
}

/** What to say of limits that nobody has set; `undefined` where they are known. */
export function limitsNote({ model, contextTokens, source }: ModelLimits): string | undefined {
  if (source !== 'assumed' || contextTokens > mostWorthSaying) return undefined
  const tokens = contextTokens.toLocaleString('en-US')
  return printable(
    `The context of ${model} is not known and taken as ${tokens} tokens: set --context.`,
  )
}

/** Nobody needs to hear that a model has room for any usual prompt. */
const mostWorthSaying = 16_384
