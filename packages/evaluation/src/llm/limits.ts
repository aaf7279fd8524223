import { raise } from '../errors.ts'
import { publishedContext } from './context.ts'
import type { ChatTransport } from './request.ts'
import { type ModelSettings, settingsOf } from './settings.ts'

/** How long a prompt and an answer of one model may be. */
export interface ModelLimits {
  /** Name of the model. */
  readonly model: string
  /** Limit of the tokens of prompt and answer together. */
  readonly contextTokens: number
  /** Where the limits are from: the caller, what is published or listed about the model, or an assumption. */
  readonly source: 'given' | 'told' | 'assumed'
  /** Limit of the tokens of one prompt. */
  readonly promptTokens: number
  /** Limit of the tokens of one answer. */
  readonly answerTokens: number
}

/** Output tokens that an answer may have where its model has room for them: thoughts of a reasoning model are among them. */
export const defaultOutputTokens = 8192

/** Default limit of the tokens of one prompt, if the context of the model is large enough. */
export const defaultPromptTokens = 16_000

/** The context of a model of which nothing is known: local servers load most models with this. */
export const smallContext = 4096
const largeContext = 128_000

/** Tokens of the shortest prompt that says anything, and of what is asked again after an invalid answer. */
const leastPrompt = 1024

/** Room for what is asked again after an invalid answer: some of that answer, and what is wrong with it. */
const roomToAskAgain = 700

/**
 * Returns the limits of a model: the given ones, else the known ones, else those that every model has room for.
 *
 * @throws `T2_MODEL_SETTING` if the longest answer leaves no room for a prompt.
 * @param given `promptTokens` is a limit for the prompt. It holds unless the given context is too small for it.
 */
export async function modelLimits(
  model: string,
  given: ModelSettings & { readonly promptTokens?: number | undefined },
  transport?: Pick<ChatTransport, 'contextOf'>,
): Promise<ModelLimits> {
  const settings = settingsOf(given)
  const told = settings.contextTokens ?? publishedContext(model)
  const isSaid = told !== undefined || given.promptTokens !== undefined
  const found = isSaid ? undefined : await transport?.contextOf?.(model)
  const contextTokens =
    told ?? found?.tokens ?? assumedContext(given.promptTokens, settings.maxAnswerTokens, found)
  const answerTokens =
    settings.maxAnswerTokens ?? Math.min(defaultOutputTokens, Math.ceil(contextTokens / 4))
  const room = Math.max(
    1,
    contextTokens - answerTokens - Math.min(roomToAskAgain, Math.ceil(contextTokens / 8)),
  )
  if (contextTokens - answerTokens < Math.min(leastPrompt, contextTokens / 2)) {
    const what = `An answer of ${answerTokens} tokens leaves no room for a prompt in the ${contextTokens} tokens`
    throw raise(
      'T2_MODEL_SETTING',
      `${what} that ${model} has for both. Lower --max-answer-tokens.`,
    )
  }
  const { promptTokens = defaultPromptTokens } = given
  const isAsked = given.promptTokens !== undefined && settings.contextTokens === undefined
  return {
    model,
    contextTokens,
    source:
      settings.contextTokens !== undefined
        ? 'given'
        : (told ?? found?.tokens) === undefined
          ? 'assumed'
          : 'told',
    promptTokens: isAsked ? promptTokens : Math.min(promptTokens, room),
    answerTokens,
  }
}

/**
 * Whoever limits the prompt knows the model: it has room for as much again, and the endpoint need not be asked. The same
 * holds for an answer.
 */
function assumedContext(
  promptTokens: number | undefined,
  answerTokens = 0,
  found?: { readonly large: boolean },
): number {
  const asked = 2 * Math.max(promptTokens ?? 0, answerTokens)
  const isLarge = promptTokens === undefined && found?.large !== false
  return Math.max(isLarge ? largeContext : smallContext, asked)
}
