import type { Json } from '@trace2/core'
import { asJson, ask } from '@trace2/evaluation/llm'
import type { LlmCall } from '@trace2/store'
import { renderLocal, type Seen, unionOf } from '../prompt/index.ts'
import { answerSchema, readSuggestion } from './contract.ts'
import { defaultRuns } from './defaults.ts'
import { type Gradient, gradientsOf } from './gradients.ts'
import type { Strategy, Suggestion } from './strategy.ts'
import { valid } from './valid.ts'

/** Options of {@link textGrad}. */
export interface TextGradOptions {
  /** Number of runs to criticize. Each costs one call per edge of its subgraph. Default 4. */
  readonly runs?: number
  /** Whether the update shows earlier values with their scores. Default `true`. */
  readonly momentum?: boolean
  /** How often an invalid answer is asked for again. Default 2. */
  readonly reasks?: number
}

/**
 * TextGrad (Yuksekgonul et al., "TextGrad: Automatic Differentiation via Text", arXiv 2406.07496). A model call for each edge
 * says what the criticism of an output means for an input. Several criticisms of one node are reduced to one. Then one call
 * rewrites each variable. The number of calls grows with the graph, so this suits a few runs whose steps need attention one
 * at a time. A run or a variable without a valid answer is left out.
 */
export function textGrad(options: TextGradOptions = {}): Strategy {
  const { runs = defaultRuns, momentum = true } = options
  return {
    name: 'textgrad',
    async propose(problem, tools) {
      const shown = problem.batch.runs.slice(0, runs)
      const perRun = await valid(shown.map((run) => gradientsOf(run, problem, tools)))
      const gradients = perRun.flat()
      const concerned = problem.variables
        .map((variable) => ({
          variable,
          own: gradients.filter(({ variable: name }) => name === variable.name),
        }))
        .filter(({ own }) => own.length > 0)
      const updates = await valid(
        concerned.map(async ({ variable, own }) => {
          const one = { ...problem, variables: [variable] }
          const prompt = renderLocal(
            momentum ? one : { ...one, attempts: [] },
            own.map((gradient) => gradient.element),
            tools,
          )
          const { system, user, fence, omitted, seen } = prompt
          tools.onPrompt?.(prompt)
          const { value, calls } = await ask(
            tools.llm,
            'textgrad.update',
            {
              model: tools.models.strong,
              messages: [
                { role: 'system', content: system },
                { role: 'user', content: user },
              ],
              schema: answerSchema([variable]),
            },
            asJson(readSuggestion([variable], fence)),
            options.reasks,
          )
          return { ...value, calls, omitted, seen }
        }),
      )
      return together(updates, gradients)
    },
  }
}

/** One suggestion of all updates, resting on every call that was made. */
function together(
  updates: readonly (Suggestion & { readonly seen: Seen })[],
  gradients: readonly Gradient[],
): readonly Suggestion[] {
  const values = new Map<string, Json>(updates.flatMap((update) => [...update.values]))
  const [first] = updates
  if (!first) return []
  const calls = new Map<string, LlmCall>()
  for (const each of [...gradients, ...updates]) {
    for (const call of each.calls) calls.set(call.id, call)
  }
  return [
    {
      values,
      reasoning: updates.map(({ reasoning }) => reasoning).join('\n\n'),
      calls: [...calls.values()],
      omitted: first.omitted,
      seen: unionOf(updates.map(({ seen }) => seen)),
    },
  ]
}
