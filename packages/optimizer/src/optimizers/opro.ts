import { asJson, ask } from '@trace2/evaluation/llm'
import { fenceText, type Problem, renderProblem } from '../prompt/index.ts'
import { answerSchema, readSuggestion } from './contract.ts'
import type { Strategy } from './strategy.ts'

/** Options of {@link opro}. */
export interface OproOptions {
  /** How often an invalid answer is asked for again. Default 2. */
  readonly reasks?: number
  /** Sampling temperature. Default: that of the endpoint. */
  readonly temperature?: number
}

/**
 * OPRO (Yang et al., "Large Language Models as Optimizers", arXiv 2309.03409). The prompt shows the values tried so far with
 * their scores, the best last, and examples of input, output and feedback. It does not show the graph. OPRO is a baseline
 * for the other strategies, and enough for a single prompt. It makes one model call per step.
 */
export function opro(options: OproOptions = {}): Strategy {
  return {
    name: 'opro',
    async propose(problem, { llm, models, tokenizer, maxTokens, onPrompt }) {
      const prompt = renderProblem(problem, {
        maxTokens,
        tokenizer,
        masked: ['Code', 'Documentation', 'Others'],
        instruction: instructionText,
      })
      const { system, user, fence, omitted, seen } = prompt
      onPrompt?.(prompt)
      const { value, calls } = await ask(
        llm,
        'opro',
        {
          model: models.strong,
          messages: [
            { role: 'system', content: system },
            { role: 'user', content: user },
          ],
          schema: answerSchema(problem.variables),
          ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
        },
        asJson(readSuggestion(problem.variables, fence)),
        options.reasks,
      )
      return [{ ...value, calls, omitted, seen }]
    },
  }
}

function instructionText(problem: Problem, fence: string): string {
  return `You search for better values of the variables. Attempts shows values that were tried with the mean score they earned under the objective, from 0 (worst) to 1 (best), the best last; Inputs, Outputs and Feedback show runs made with the present values.
${fenceText(fence)}Objective: ${problem.objective}
Look at what the better attempts have in common and at what the feedback asks for, then find values that differ from all attempts and should earn more.
Answer with a JSON object: "reasoning", in a few sentences; "suggestion", an object with the new value of each variable that should change, under its exact name, of its exact type and within its constraint. Leave out variables that should stay.
`
}
