import { asJson, ask } from '@trace2/evaluation/llm'
import { elementInstructionText, renderProblem, type Section } from '../prompt/index.ts'
import { answerSchema, readElements, readSuggestion } from './contract.ts'
import type { Strategy } from './strategy.ts'

/** Options of {@link optoPrime}. */
export interface OptoPrimeOptions {
  /** The form of the answer: structured JSON, or fenced elements for models that escape JSON badly. Default `json`. */
  readonly answer?: 'json' | 'elements'
  /** Sections to leave out of the prompt. This is for experiments that measure what a section is worth. */
  readonly masked?: readonly Section[]
  /** How often an invalid answer is asked for again. Default 2. */
  readonly reasks?: number
  /** Sampling temperature. Default: that of the endpoint. */
  readonly temperature?: number
}

/**
 * OptoPrime (Cheng, Nie and Swaminathan, arXiv 2406.16218). One prompt shows the graph as a pseudo-program, with all
 * variables and all feedback. It makes one model call per step for a graph of any size.
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
