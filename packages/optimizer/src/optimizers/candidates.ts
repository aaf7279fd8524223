import type { Json } from '@trace2/core'
import { asJson, ask, type ChatRequest, type Llm, type Read } from '@trace2/evaluation/llm'
import type { LlmCall } from '@trace2/store'
import { type Attempt, fenceText, type Problem, renderProblem } from '../prompt/index.ts'
import { nearlyEqual } from '../values/index.ts'
import { defaultCount } from './defaults.ts'
import type { Strategy, StrategyTools, Suggestion } from './strategy.ts'
import { bestByTrial, type Evaluate } from './trial.ts'
import { isInvalid, valid } from './valid.ts'

/** The way in which candidates differ from one another. */
export type Variation =
  /** The same question at temperatures evenly from `low` to `high`. */
  | { readonly kind: 'temperature'; readonly low: number; readonly high: number }
  /** Each is shown the one before and asked to improve on it. */
  | { readonly kind: 'refine' }
  /** Each from another model, in turn. */
  | { readonly kind: 'models'; readonly models: readonly string[] }
  /** Each in the role of another expert, in turn. */
  | { readonly kind: 'experts'; readonly experts: readonly string[] }

/** Options of {@link candidates}. */
export interface CandidatesOptions {
  /** Number of candidates. Default 3. */
  readonly count?: number
  /** How the candidates differ. Default: by temperature, from 0.2 to 1. */
  readonly variation?: Variation
  /**
   * Scores values by trying them; a higher score is better. It is called with a value for every variable: first the present
   * values, then each candidate. Only a candidate with a higher score than the present values is proposed. Without this
   * option a model judges.
   */
  readonly evaluate?: Evaluate
}

/**
 * A strategy that asks another one several times and keeps the best answer. Candidates that are nearly equal count as one.
 * With `evaluate` the candidates and the present values are tried and scored. Otherwise a model chooses between the
 * candidates.
 *
 * @example candidates(optoPrime(), { count: 4, variation: { kind: 'experts', experts: ['editor', 'lawyer'] } })
 */
export function candidates(base: Strategy, options: CandidatesOptions = {}): Strategy {
  const { count = defaultCount, variation = { kind: 'temperature', low: 0.2, high: 1 } } = options
  return {
    name: `candidates(${base.name})`,
    async propose(problem, tools) {
      const found = await generate(base, problem, tools, count, variation)
      const changing = found.filter(({ values }) => values.size > 0)
      const distinct = changing.filter(
        ({ values }, at) =>
          !changing.slice(0, at).some((earlier) => sameValues(earlier.values, values)),
      )
      const calls = found.flatMap((suggestion) => suggestion.calls)
      const only = distinct[0] ?? found[0]
      if (!only) return []
      if (distinct.length > 0 && options.evaluate) {
        const tried = await bestByTrial(problem, distinct, options.evaluate)
        return tried ? [{ ...tried, calls }] : []
      }
      if (distinct.length <= 1) return [{ ...only, calls }]
      const { best, judged } = await bestByJudge(problem, distinct, tools)
      return best ? [{ ...best, calls: [...calls, ...judged] }] : []
    },
  }
}

async function generate(
  base: Strategy,
  problem: Problem,
  tools: StrategyTools,
  count: number,
  variation: Variation,
): Promise<Suggestion[]> {
  if (variation.kind !== 'refine') {
    const each = Array.from({ length: count }, (_, at) => {
      const llm = changed(tools.llm, (request) => vary(request, variation, at, count))
      return base.propose(problem, { ...tools, llm })
    })
    return (await valid(each)).flat()
  }
  const found: Suggestion[] = []
  let failure: unknown
  for (let at = 0; at < count; at++) {
    const drafts = found.filter(({ values }) => values.size > 0).map(asAttempt)
    const attempts = [...(problem.attempts ?? []), ...drafts]
    const llm = changed(tools.llm, (request) => ({ ...request, sample: at }))
    try {
      found.push(...(await base.propose({ ...problem, attempts }, { ...tools, llm })))
    } catch (error) {
      if (!isInvalid(error)) throw error
      failure ??= error
    }
  }
  if (found.length === 0 && failure !== undefined) throw failure
  return found
}

function asAttempt({ values }: Suggestion): Attempt {
  return { values, score: null, runs: 0, note: 'Your own draft, not tried yet. Improve on it.' }
}

function vary(
  request: ChatRequest,
  variation: Exclude<Variation, { kind: 'refine' }>,
  at: number,
  count: number,
): ChatRequest {
  switch (variation.kind) {
    case 'temperature': {
      const share = count > 1 ? at / (count - 1) : 0
      const { low, high } = variation
      return { ...request, temperature: low + share * (high - low), sample: at }
    }
    case 'models': {
      const { of, round } = turn(variation.models, at)
      return { ...request, model: of ?? request.model, sample: round }
    }
    case 'experts': {
      const { of: expert, round } = turn(variation.experts, at)
      const [first, ...rest] = request.messages
      const messages =
        first && expert !== undefined
          ? [{ ...first, content: `${first.content}\nWork in the role of: ${expert}.` }, ...rest]
          : request.messages
      return { ...request, messages, sample: round }
    }
  }
}

/** Whose turn it is, and how often all have had theirs. */
function turn(
  list: readonly string[],
  at: number,
): { readonly of: string | undefined; readonly round: number } {
  const length = Math.max(1, list.length)
  return { of: list[at % length], round: Math.floor(at / length) }
}

/** The same model access with each request changed. */
function changed(llm: Llm, change: (request: ChatRequest) => ChatRequest): Llm {
  return {
    get spent() {
      return llm.spent
    },
    fail: (call, fault) => llm.fail(call, fault),
    call: (purpose, request) => llm.call(purpose, change(request)),
  }
}

function sameValues(a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): boolean {
  if (a.size !== b.size) return false
  return [...a].every(([name, value]) => {
    const other = b.get(name)
    return other !== undefined && nearlyEqual(value, other)
  })
}

async function bestByJudge(
  problem: Problem,
  suggestions: readonly Suggestion[],
  { llm, models, tokenizer, maxTokens }: StrategyTools,
): Promise<{ best: Suggestion | undefined; judged: readonly LlmCall[] }> {
  const attempts = suggestions.map(({ values }, at) => ({
    values,
    score: null,
    runs: 0,
    note: `Candidate ${at + 1}.`,
  }))
  const { system, user } = renderProblem(
    { ...problem, attempts },
    // The present values stay out: the choice is between candidates.
    {
      maxTokens,
      tokenizer,
      masked: ['Variables'],
      attemptsRequired: true,
      instruction: judgeText,
    },
  )
  const { value, calls } = await ask(
    llm,
    'candidates.judge',
    {
      model: models.judge,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      schema: {
        name: 'choice',
        schema: {
          type: 'object',
          properties: {
            reasons: { type: 'string' },
            choice: { type: 'integer', enum: suggestions.map((_suggestion, at) => at + 1) },
          },
          required: ['reasons', 'choice'],
          additionalProperties: false,
        },
      },
    },
    asJson((json): Read<Suggestion> => {
      const choice: unknown =
        typeof json === 'object' && json !== null ? Reflect.get(json, 'choice') : undefined
      // Some write the number in quotes.
      const chosen = /^\d+$/.test(String(choice)) ? suggestions[Number(choice) - 1] : undefined
      return chosen
        ? { ok: true, value: chosen }
        : { ok: false, fault: `"choice" must be a number from 1 to ${suggestions.length}` }
    }),
  )
  return { best: value, judged: calls }
}

function judgeText(problem: Problem, fence: string): string {
  return `Values for the variables of a program were suggested by several people. Attempts shows these candidates; the other sections show the program, runs of it and the feedback they received.
${fenceText(fence)}Objective of the candidates: ${problem.objective}
Choose the candidate that would most probably have earned the best feedback on these runs and on others like them, without breaking what works.
Answer with a JSON object: "reasons", in a few sentences; "choice", the number of the candidate.
`
}
