import { asJson, ask } from '@trace2/evaluation/llm'
import { elementInstructionText, renderProblem, type Section } from '../prompt/index.ts'
import { answerSchema, readElements, readSuggestion } from './contract.ts'
import type { Strategy } from './strategy.ts'

export interface OptoPrimeOptions {
  /** How the answer is to look: structured JSON, or elements for models that are weak at escaping. Default `json`. */
  readonly answer?: 'json' | 'elements'
  /** Sections to leave out of the prompt, for ablations. */
  readonly masked?: readonly Section[]
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
    async propose(problem, { llm, models, tokenizer, maxTokens, onPrompt }) {
      const elements = options.answer === 'elements'
      const prompt = renderProblem(problem, {
        maxTokens,
        tokenizer,
        ...(options.masked ? { masked: options.masked } : {}),
        ...(elements ? { instruction: elementInstructionText } : {}),
      })
      const { system, user, fence, omitted, seen } = prompt
      onPrompt?.(prompt)
      const { value, calls } = await ask(
        llm,
        'optoprime',
        {
          model: models.strong,
          messages: [
            { role: 'system', content: system },
            { role: 'user', content: user },
          ],
          ...(elements ? {} : { schema: answerSchema(problem.variables) }),
          ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
        },
        elements
          ? readElements(problem.variables, fence)
          : asJson(readSuggestion(problem.variables, fence)),
        options.reasks,
      )
      return [{ ...value, calls, omitted, seen }]
    },
  }
}
