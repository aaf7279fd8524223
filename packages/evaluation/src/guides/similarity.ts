import type { Json } from '@trace2/core'
import { showValue } from '@trace2/core'
import { raise } from '../errors.ts'
import { asJson, ask, type Llm, type Read } from '../llm/index.ts'
import type { Guide } from './guide.ts'
import { definitionSchema, nameOf, selectionSchema } from './schema-parts.ts'
import { expectedOf, type Selection, selected } from './subject.ts'
import { quote } from './wording.ts'

/** How near the output's meaning is to the reference: the cosine of their embeddings, nothing below 0. */
export interface SimilarityDefinition extends Selection {
  readonly kind: 'similarity'
  readonly name?: string
  /** Default: the reference of the run. */
  readonly expected?: string
  /** Embedding model. Default: `TRACE2_EMBEDDING_MODEL`, or `text-embedding-3-small`. */
  readonly model?: string
  /** Similarity that counts as 0, for models to which all texts are alike. Default 0. */
  readonly floor?: number
}

export const similaritySchema = definitionSchema('similarity', {
  ...selectionSchema,
  expected: { type: 'string' },
  model: { type: 'string', minLength: 1 },
  floor: { type: 'number', minimum: 0, exclusiveMaximum: 1 },
})

export function similarity(definition: SimilarityDefinition): Guide {
  const name = nameOf(definition)
  const { floor = 0 } = definition
  const model = definition.model ?? (process.env.TRACE2_EMBEDDING_MODEL || 'text-embedding-3-small')
  return {
    name,
    definition: { ...definition, model },
    source: 'model',
    needsReference: definition.expected === undefined,
    async judge(subject, tools) {
      const expected = expectedOf(subject, definition.expected, name, definition)
      const value = selected(subject, definition)
      if (value === undefined || value === '') {
        return { score: 0, comment: `It is empty and should mean ${quote(expected)}.` }
      }
      const llm = tools.llm()
      const [wanted, given] = await Promise.all(
        [expected, value].map((each) => embeddingOf(llm, model, each)),
      )
      const cosine = cosineOf(wanted ?? [], given ?? [])
      const score = Math.min(1, Math.max(0, (cosine - floor) / (1 - floor)))
      return {
        score,
        comment: `Similarity ${cosine.toFixed(2)} to ${quote(expected)}; it is ${quote(value)}.`,
      }
    },
  }
}

async function embeddingOf(llm: Llm, model: string, value: Json): Promise<readonly number[]> {
  // An endpoint refuses an empty text.
  const content = showValue(value) || ' '
  const request = {
    model,
    messages: [{ role: 'user', content }],
    output: 'embedding',
    maxOutputTokens: 0,
  } as const
  const { value: vector } = await ask(llm, 'guide.similarity', request, asJson(readVector), 0)
  return vector
}

function readVector(json: unknown): Read<readonly number[]> {
  return Array.isArray(json) && json.length > 0 && json.every(Number.isFinite)
    ? { ok: true, value: json }
    : { ok: false, fault: 'it is no vector of numbers' }
}

function cosineOf(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) {
    throw raise('T2_MODEL_ANSWER', `Two embeddings have ${a.length} and ${b.length} dimensions.`)
  }
  let product = 0
  for (const [at, value] of a.entries()) product += value * (b[at] ?? 0)
  const lengths = Math.hypot(...a) * Math.hypot(...b)
  return lengths === 0 ? 0 : product / lengths
}
