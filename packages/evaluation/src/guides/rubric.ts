import { canonicalJson, type Json } from '@trace2/core'
import { asJson, ask, type ChatRequest, defaultModel, type Read } from '../llm/index.ts'
import { schemaFault } from '../values/index.ts'
import type { Guide, Subject, Verdict } from './guide.ts'
import {
  charactersOfEach,
  judgePrompt,
  judgeSystemText,
  quotedInputs,
  quotedReference,
  verdictTokens,
} from './judge-prompt.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { type Selection, selected } from './subject.ts'

/** A model judges the output by a rubric, and by the reference where the run has one. */
export interface RubricDefinition extends Selection {
  readonly kind: 'rubric'
  readonly name?: string
  /** What a good output is, in words. */
  readonly rubric: string
  /** The verdicts to choose from, with the score of each. Default: the model gives a score from 0 to 1. */
  readonly labels?: { readonly [label: string]: number }
  /** Default: `TRACE2_MODEL`, or `gpt-4o-mini` where there is an `OPENAI_API_KEY`. */
  readonly model?: string
  readonly temperature?: number
  /** Characters that are shown of each value; what matters to the rubric is kept. Default 20,000, or what fits. */
  readonly maxCharacters?: number
}

export const rubricSchema = definitionSchema(
  'rubric',
  {
    ...selectionSchema,
    rubric: { type: 'string', minLength: 1 },
    labels: {
      type: 'object',
      minProperties: 2,
      additionalProperties: { type: 'number', minimum: 0, maximum: 1 },
    },
    model: { type: 'string', minLength: 1 },
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    maxCharacters: { type: 'integer', minimum: 200 },
  },
  ['rubric'],
)

export function rubric(definition: RubricDefinition): Guide {
  const { labels, temperature } = definition
  const model = definition.model ?? defaultModel()
  const schema = verdictSchema(labels)
  return {
    name: nameOf(definition),
    definition: { ...definition, model },
    source: 'model',
    async judge(subject, tools) {
      const limits = await tools.llm().limits?.(model)
      // The output and the reference stand beside the inputs.
      const values = Object.keys(subject.input).length + 2
      const most = definition.maxCharacters ?? charactersOfEach(values, definition.rubric, limits)
      const request: ChatRequest = {
        model,
        messages: [
          { role: 'system', content: judgeSystemText },
          { role: 'user', content: promptText(definition, subject, most) },
        ],
        schema: { name: 'verdict', schema },
        maxOutputTokens: verdictTokens,
        ...(temperature === undefined ? {} : { temperature }),
      }
      const read = (json: unknown) => readVerdict(json, schema, labels)
      const { value } = await ask(tools.llm(), 'guide.rubric', request, asJson(read))
      return value
    },
  }
}

function promptText(definition: RubricDefinition, subject: Subject, maxCharacters: number): string {
  const { rubric: text, labels } = definition
  const values = [
    ...quotedInputs(subject),
    { tag: 'output', attributes: {}, value: selected(subject, definition) },
    ...quotedReference(subject),
  ]
  const verdict = labels
    ? `"verdict", one of ${JSON.stringify(Object.keys(labels))}`
    : '"score", a number from 0 (it meets nothing of the rubric) to 1 (it meets all of it)'
  return judgePrompt(text, values, maxCharacters, {
    task: `Judge the output below by the rubric. The input is what the program was given${subject.reference === undefined ? '' : '; the reference is a good output for it, and another wording of the same is as good'}.`,
    answer: `Answer with a JSON object: "reasoning", your thoughts about each point of the rubric; "comment", one to three sentences that say what is wrong with the output and how it should be instead, or what makes it good; ${verdict}.`,
  })
}

function verdictSchema(labels: RubricDefinition['labels']): Json {
  const verdict = labels
    ? { verdict: { enum: Object.keys(labels) } }
    : { score: { type: 'number', minimum: 0, maximum: 1 } }
  return {
    type: 'object',
    properties: { reasoning: { type: 'string' }, comment: { type: 'string' }, ...verdict },
    required: ['reasoning', 'comment', ...Object.keys(verdict)],
    additionalProperties: false,
  }
}

function readVerdict(
  json: unknown,
  schema: Json,
  labels: RubricDefinition['labels'],
): Read<Verdict> {
  const answer = withNumber(JSON.parse(canonicalJson(json)))
  const fault = schemaFault(schema, answer)
  if (fault !== undefined) return { ok: false, fault }
  if (!isAnswer(answer)) return { ok: false, fault: 'it is not an object' }
  const { comment, reasoning, score = 0, verdict } = answer
  const words = comment.trim() || reasoning.trim()
  return verdict === undefined || !labels
    ? { ok: true, value: { score, comment: words } }
    : { ok: true, value: { score: labels[verdict] ?? 0, label: verdict, comment: words } }
}

/** The answer with its score as a number, also where it is one in quotes. */
function withNumber(answer: Json): Json {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer
  const members = Object.entries(answer).map(([name, member]: [string, Json]): [string, Json] => {
    const isQuoted = name === 'score' && typeof member === 'string'
    return [name, isQuoted && /^\s*\d+(?:\.\d+)?\s*$/.test(member) ? Number(member) : member]
  })
  return Object.fromEntries(members)
}

interface Answer {
  readonly reasoning: string
  readonly comment: string
  readonly score?: number
  readonly verdict?: string
}

/** The schema has been checked; an endpoint may still ignore that an answer is an object. */
function isAnswer(answer: Json): answer is Answer & Json {
  return typeof answer === 'object' && answer !== null && !Array.isArray(answer)
}
