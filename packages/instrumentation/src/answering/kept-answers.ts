import { shared } from '@trace2/core'
import { type AsyncContext, asyncContext } from '../runtime/async-context.ts'

/** The answer of a model's endpoint to a request, as text. */
export interface KeptAnswer {
  readonly status: number
  /** Its media type. */
  readonly type: string
  readonly body: string
}

/**
 * Keeps the answers of models as they arrive. Code that runs again after an interruption then does not pay for them
 * again.
 */
export interface AnswerKeeper {
  /** What was answered to an equal request, each answer once; `undefined` where the endpoint is to be asked. */
  take(request: string): KeptAnswer | undefined
  /** Is given each answer when all of it has come, before the code that asked has the end of it. */
  keep(request: string, answer: KeptAnswer): void
}

const keepers = shared(
  'answer-keeper',
  (): { storage: AsyncContext<AnswerKeeper> | undefined } => ({
    storage: undefined,
  }),
)

/** `undefined` for all code whose answers nobody keeps. */
export function activeKeeper(): AnswerKeeper | undefined {
  return keepers.storage?.getStore()
}

/**
 * Runs a function with a keeper of answers. The keeper answers the calls of instrumented model clients that it has an
 * answer for. The other calls are made, and the keeper is given their answers. Only answers with a status of success
 * are kept.
 *
 * @example
 * const output = await keepingAnswers(keeper, () => agent(ticket))
 */
export function keepingAnswers<T>(keeper: AnswerKeeper, fn: () => T): T {
  keepers.storage ??= asyncContext()
  return keepers.storage.run(keeper, fn)
}
