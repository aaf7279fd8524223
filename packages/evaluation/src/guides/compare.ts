import { canonicalJson, type Json } from '@trace2/core'
import { raise } from '../errors.ts'
import { asJson, ask, type ChatRequest, defaultModel, type Read } from '../llm/index.ts'
import { schemaFault } from '../values/index.ts'
import type { Guide, GuideTools, Subject, Verdict } from './guide.ts'
import {
  charactersOfEach,
  judgePrompt,
  judgeSystemText,
  quotedInputs,
  quotedReference,
  verdictTokens,
} from './judge-prompt.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { type Selection, selected, selectedOfBase } from './subject.ts'

/**
 * A model says whether the output or that of the base is the better one. It is asked in both orders, since many a model
 * prefers what it is shown first; where the two answers are not the same, neither is better.
 */
export interface CompareDefinition extends Selection {
  readonly kind: 'compare'
  readonly name?: string
  /** What a good output is, in words. */
  readonly rubric: string
  /** Default: `TRACE2_MODEL`, or `gpt-4o-mini` where there is an `OPENAI_API_KEY`. */
  readonly model?: string
  readonly temperature?: number
  /** Characters that are shown of each value; what matters to the rubric is kept. Default 20,000, or what fits. */
  readonly maxCharacters?: number
}

export const compareSchema = definitionSchema(
  'compare',
  {
    ...selectionSchema,
    rubric: { type: 'string', minLength: 1 },
    model: { type: 'string', minLength: 1 },
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    maxCharacters: { type: 'integer', minimum: 200 },
  },
  ['rubric'],
)

/** What a comparison comes to, with the score of the output. */
const scores = { better: 1, equal: 0.5, worse: 0, 'orders disagree': 0.5 } as const
type Outcome = keyof typeof scores

/** The label of a comparison whose two answers followed the order of the outputs. */
export const ordersDisagree: Outcome = 'orders disagree'

/** The answers that a model may give. */
const choices = ['A', 'B', 'equal'] as const
type Choice = (typeof choices)[number]

interface Answer {
  readonly reasoning: string
  readonly comment: string
  readonly verdict: Choice
}

export function compare(definition: CompareDefinition): Guide {
  const model = definition.model ?? defaultModel()
  const name = nameOf(definition)
  return {
    name,
    definition: { ...definition, model },
    source: 'model',
    async judge(subject, tools) {
      if (subject.base === undefined) {
        throw raise(
          'T2_BASE_MISSING',
          `The guide ${name} has no output of the base to compare with.`,
        )
      }
      const output = selected(subject, definition)
      const base = selectedOfBase(subject.base, definition)
      if (canonicalJson(output ?? null) === canonicalJson(base ?? null)) {
        return verdictOf('equal', 'Both outputs are the same.')
      }
      const asked = (first: Json | undefined, second: Json | undefined) =>
        answerOf({ ...definition, model }, subject, [first, second], tools)
      const [forward, backward] = await Promise.all([asked(base, output), asked(output, base)])
      return read(forward, backward)
    },
  }
}

/** @param forward answers with the base as A, `backward` with the base as B. */
function read(forward: Answer, backward: Answer): Verdict {
  const first = sideOf(forward.verdict, 'worse', 'better')
  const second = sideOf(backward.verdict, 'better', 'worse')
  const words = `${forward.comment.trim() || forward.reasoning.trim()} (A is the base, B the new output.)`
  if (first === second) return verdictOf(first, words)
  return verdictOf(
    ordersDisagree,
    `It said ${said(first)} with the base first, and ${said(second)} with the base last. ${words}`,
  )
}

function sideOf<Side>(verdict: Choice, ofA: Side, ofB: Side): Side | 'equal' {
  if (verdict === 'equal') return 'equal'
  return verdict === 'A' ? ofA : ofB
}

function said(outcome: Outcome): string {
  return outcome === 'equal' ? 'that both are equally good' : `that the new output is ${outcome}`
}

function verdictOf(label: Outcome, comment: string): Verdict {
  return { score: scores[label], label, comment }
}

async function answerOf(
  definition: CompareDefinition & { readonly model: string },
  subject: Subject,
  [first, second]: readonly [Json | undefined, Json | undefined],
  tools: GuideTools,
): Promise<Answer> {
  const { model, temperature, rubric } = definition
  const llm = tools.llm()
  const values = [
    ...quotedInputs(subject),
    ...quotedReference(subject),
    { tag: 'output', attributes: { name: 'A' }, value: first },
    { tag: 'output', attributes: { name: 'B' }, value: second },
  ]
  const most =
    definition.maxCharacters ?? charactersOfEach(values.length, rubric, await llm.limits?.(model))
  const request: ChatRequest = {
    model,
    messages: [
      { role: 'system', content: judgeSystemText },
      { role: 'user', content: judgePrompt(rubric, values, most, question(subject)) },
    ],
    schema: { name: 'comparison', schema },
    maxOutputTokens: verdictTokens,
    ...(temperature === undefined ? {} : { temperature }),
  }
  const { value } = await ask(llm, 'guide.compare', request, asJson(readAnswer))
  return value
}

function question({ reference }: Subject) {
  const known =
    reference === undefined
      ? ''
      : '; the reference is a good output for it, and another wording of the same is as good'
  return {
    task: `Say which of the two outputs below, A and B, is better by the rubric. The input is what the program was given${known}. The rubric alone counts: neither which one stands first, nor which one is longer, unless the rubric says so. Outputs that meet it equally well are equal.`,
    answer:
      'Answer with a JSON object: "reasoning", your thoughts about each point of the rubric, for A and for B; "comment", one to three sentences that say what makes the better one better and what the other one lacks; "verdict", one of ["A","B","equal"].',
  }
}

const schema = {
  type: 'object',
  properties: {
    reasoning: { type: 'string' },
    comment: { type: 'string' },
    verdict: { enum: choices },
  },
  required: ['reasoning', 'comment', 'verdict'],
  additionalProperties: false,
} satisfies Json

function readAnswer(json: unknown): Read<Answer> {
  const answer: Json = JSON.parse(canonicalJson(json))
  const fault = schemaFault(schema, answer)
  if (fault !== undefined) return { ok: false, fault }
  return isAnswer(answer)
    ? { ok: true, value: answer }
    : { ok: false, fault: 'it is not an object' }
}

/** The schema has been checked; an endpoint may still ignore that an answer is an object. */
function isAnswer(answer: Json): answer is Answer & Json {
  return typeof answer === 'object' && answer !== null && !Array.isArray(answer)
}
