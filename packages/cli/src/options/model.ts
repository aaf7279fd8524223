import { defined } from '@trace2/core'
import type { ModelSettings } from '@trace2/evaluation/llm'
import { type Command, InvalidArgumentError } from 'commander'
import { secondsArgument, wholeNumber } from './numbers.ts'

/** What {@link addModelOptions} gives to a command. */
export interface ModelOptions {
  readonly timeout?: number
  readonly maxAnswerTokens?: number
  readonly context?: number
}

/** How long models may take and what they have room for, in every command that asks one. */
export function addModelOptions(command: Command): Command {
  return command
    .option(
      '--timeout <seconds>',
      'give a model up when it says nothing for so long (default: TRACE2_TIMEOUT, else 300)',
      secondsArgument,
    )
    .option(
      '--max-answer-tokens <n>',
      'tokens of one answer (default: TRACE2_MAX_ANSWER_TOKENS, else a quarter of the context, 8192 at most)',
      wholeNumber(1),
    )
    .option(
      '--context <n>',
      'tokens that the model has room for, prompt and answer together (default: TRACE2_CONTEXT, else what the endpoint says, else 4096)',
      contextArgument,
    )
}

/** The options as the library has them. */
export function modelSettings({ timeout, maxAnswerTokens, context }: ModelOptions): ModelSettings {
  return defined({
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
    maxAnswerTokens,
    contextTokens: context,
  })
}

const leastContext = 256

/** `32768`, or `32k` as models are described. */
function contextArgument(text: string): number {
  const [, thousands] = /^(\d+)k$/i.exec(text.trim()) ?? []
  if (thousands !== undefined) return Number(thousands) * 1024
  if (/[a-z]{2}/i.test(text)) {
    throw new InvalidArgumentError(
      'It is a number of tokens; what the agent is for is said with --purpose.',
    )
  }
  return wholeNumber(leastContext)(text)
}
