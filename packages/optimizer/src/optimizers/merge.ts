import { type Json, sha256 } from '@trace2/core'
import { asJson, ask } from '@trace2/evaluation/llm'
import { type Batch, type BatchRun, subBatch } from '../batch/index.ts'
import { type Attempt, fenceText, type Problem, renderProblem, unionOf } from '../prompt/index.ts'
import { compareText } from '../text/order.ts'
import { nearlyEqual } from '../values/index.ts'
import { answerSchema, readSuggestion } from './contract.ts'
import type { Strategy, StrategyTools, Suggestion } from './strategy.ts'
import { valid } from './valid.ts'

/** Options of {@link merge}. */
export interface MergeOptions {
  /** Number of runs in each part. Default: as many as fit into one prompt. */
  readonly runsPerPart?: number
}

/**
 * A strategy for more runs than one prompt can hold. It shuffles the runs, cuts them into parts, and asks another strategy
 * about each part. If parts suggest different values for a variable, one more call merges these.
 */
export function merge(base: Strategy, options: MergeOptions = {}): Strategy {
  return {
    name: `merge(${base.name})`,
    async propose(problem, tools) {
      const runs = mixed(problem.batch.runs)
      const size = Math.max(1, options.runsPerPart ?? runsThatFit(problem, runs, tools))
      if (runs.length <= size) return base.propose(problem, tools)
      const parts: Batch[] = []
      for (let from = 0; from < runs.length; from += size) {
        parts.push(subBatch(runs.slice(from, from + size)))
      }
      const suggested = await valid(
        parts.map((batch) => base.propose({ ...problem, batch }, tools)),
      )
      return reduceAll(problem, suggested.flat(), tools)
    },
  }
}

/** The same order for the same runs, and none that has to do with their scores or times. */
function mixed(runs: readonly BatchRun[]): readonly BatchRun[] {
  return runs.toSorted((a, b) => compareText(sha256(a.graph.run), sha256(b.graph.run)))
}

function runsThatFit(
  problem: Problem,
  runs: readonly BatchRun[],
  { maxTokens, tokenizer }: StrategyTools,
): number {
  let size = runs.length
  while (size > 1) {
    const batch = subBatch(runs.slice(0, size))
    const { leftOut } = renderProblem({ ...problem, batch }, { maxTokens, tokenizer }).omitted
    if (!leftOut.Feedback && !leftOut.Outputs && !leftOut.Inputs) break
    size = Math.ceil(size / 2)
  }
  return size
}

/** Suggestions that one prompt shows: each with its reasons, whatever else fits. */
const mergedAtOnce = 8

/** Merges a few suggestions at a time, and what comes of that again, until there is one. */
async function reduceAll(
  problem: Problem,
  suggestions: readonly Suggestion[],
  tools: StrategyTools,
): Promise<readonly Suggestion[]> {
  if (suggestions.length <= mergedAtOnce) return reduce(problem, suggestions, tools)
  const few: Promise<readonly Suggestion[]>[] = []
  for (let from = 0; from < suggestions.length; from += mergedAtOnce) {
    few.push(reduce(problem, suggestions.slice(from, from + mergedAtOnce), tools))
  }
  return reduceAll(problem, (await Promise.all(few)).flat(), tools)
}

async function reduce(
  problem: Problem,
  suggestions: readonly Suggestion[],
  tools: StrategyTools,
): Promise<readonly Suggestion[]> {
  const agreed = new Map<string, Json>()
  const disputed = problem.variables.filter(({ name }) => {
    const values = suggestions.flatMap(({ values }) => values.get(name) ?? [])
    const [first, ...others] = values
    if (first === undefined) return false
    if (others.some((other) => !nearlyEqual(first, other))) return true
    agreed.set(name, first)
    return false
  })
  const calls = suggestions.flatMap((suggestion) => suggestion.calls)
  const reasoning = suggestions.map((suggestion) => suggestion.reasoning).join('\n\n')
  const [first] = suggestions
  if (!first) return []
  if (disputed.length === 0) {
    return [{ values: agreed, reasoning, calls, omitted: first.omitted, ...seenBy(suggestions) }]
  }
  const attempts = suggestions
    .filter(({ values }) => values.size > 0)
    .map(
      ({ values, reasoning: why }): Attempt => ({
        values,
        score: null,
        runs: 0,
        note: `Suggested from a part of the runs, because: ${why}`,
      }),
    )
  const prompt = renderProblem(
    { ...problem, variables: disputed, attempts },
    { ...tools, attemptsRequired: true, instruction: mergeText },
  )
  const { system, user, fence, omitted, seen } = prompt
  tools.onPrompt?.(prompt)
  const merged = await ask(
    tools.llm,
    'merge.reduce',
    {
      model: tools.models.strong,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      schema: answerSchema(disputed),
    },
    asJson(readSuggestion(disputed, fence)),
  )
  const values = new Map([...agreed, ...merged.value.values])
  return [
    {
      values,
      reasoning: merged.value.reasoning,
      calls: [...calls, ...merged.calls],
      omitted,
      ...seenBy([...suggestions, { seen }]),
    },
  ]
}

/** What the prompts of all parts show; unknown where one does not tell. */
function seenBy(parts: readonly Pick<Suggestion, 'seen'>[]): Pick<Suggestion, 'seen'> {
  const told = parts.flatMap(({ seen }) => seen ?? [])
  return told.length < parts.length ? {} : { seen: unionOf(told) }
}

function mergeText(problem: Problem, fence: string): string {
  return `Several people each saw a part of a program's runs and suggested new values for its variables. Attempts shows their suggestions with their reasons; the other sections show the program and some of the runs.
${fenceText(fence)}Objective: ${problem.objective}
Write for each variable one value that keeps every improvement that is suggested, without repeating itself; where suggestions conflict, follow the one that the feedback supports best.
Answer with a JSON object: "reasoning", in a few sentences; "suggestion", an object with the merged value of each variable, under its exact name, of its exact type and within its constraint.
`
}
