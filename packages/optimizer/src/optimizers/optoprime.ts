import { ask } from '../llm/index.ts'
import { renderProblem } from '../prompt/index.ts'
import { answerSchema, readSuggestion } from './contract.ts'
import type { Strategy } from './strategy.ts'

export interface OptoPrimeOptions {
  /** Times an invalid answer is asked for again. Default 2. */
  readonly reasks?: number
  readonly temperature?: number
}

/**
 * OptoPrime (Cheng, Nie and Swaminathan, arXiv 2406.16218): the execution trace as a pseudo-program, all variables and
 * all feedback in one prompt; one model call per step, whatever the size of the graph.
 */
export function optoPrime(options: OptoPrimeOptions = {}): Strategy {
  return {
    name: 'optoprime',
    async propose(problem, { llm, model, tokenizer, maxTokens }) {
      const { system, user, omitted } = renderProblem(problem, { maxTokens, tokenizer })
      const { value, calls } = await ask(
        llm,
        'optoprime',
        {
          model,
          messages: [
            { role: 'system', content: system },
            { role: 'user', content: user },
          ],
          schema: answerSchema(problem.variables),
          ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
        },
        readSuggestion(problem.variables),
        options.reasks,
      )
      return value.values.size > 0 ? [{ ...value, calls, omitted }] : []
    },
  }
}
