import type { Json } from '@trace2/core'
import { raise } from '../errors.ts'
import { schemaFault } from '../values/index.ts'
import { type CodeDefinition, code, codeSchema } from './code.ts'
import { type CompareDefinition, compare, compareSchema } from './compare.ts'
import { type ContainsDefinition, contains, containsSchema } from './contains.ts'
import { type ExactDefinition, exact, exactSchema } from './exact.ts'
import type { Guide } from './guide.ts'
import { type JsonSchemaDefinition, jsonSchema, jsonSchemaSchema } from './json-schema.ts'
import { type NumberDefinition, nearNumber, numberSchema } from './number.ts'
import { type PatternDefinition, pattern, patternSchema } from './pattern.ts'
import { type RubricDefinition, rubric, rubricSchema } from './rubric.ts'
import { definitionSchema, nameOf } from './schema-parts.ts'
import { type SimilarityDefinition, similarity, similaritySchema } from './similarity.ts'
import { weighted } from './weighted.ts'

/** The weighted mean of other guides. */
export interface WeightedDefinition {
  readonly kind: 'weighted'
  readonly name?: string
  readonly guides: readonly { readonly guide: GuideDefinition; readonly weight?: number }[]
}

/** A guide as data: what a guide file holds. */
export type GuideDefinition =
  | ExactDefinition
  | ContainsDefinition
  | PatternDefinition
  | JsonSchemaDefinition
  | NumberDefinition
  | SimilarityDefinition
  | CodeDefinition
  | RubricDefinition
  | CompareDefinition
  | WeightedDefinition

const schemas: { readonly [Kind in GuideDefinition['kind']]: Json } = {
  exact: exactSchema,
  contains: containsSchema,
  regex: patternSchema,
  schema: jsonSchemaSchema,
  number: numberSchema,
  similarity: similaritySchema,
  code: codeSchema,
  rubric: rubricSchema,
  compare: compareSchema,
  weighted: definitionSchema(
    'weighted',
    {
      guides: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: { guide: { type: 'object' }, weight: { type: 'number', minimum: 0 } },
          required: ['guide'],
          additionalProperties: false,
        },
      },
    },
    ['guides'],
  ),
}

/**
 * Makes the guide that a definition describes.
 *
 * @throws `T2_GUIDE_INVALID` where it cannot be one; `T2_MODEL_UNSET` where it asks a model and none is named.
 * @example guideOf({ kind: 'contains', text: ['refund', 'within 5 days'] })
 */
export function guideOf(definition: GuideDefinition): Guide {
  switch (definition.kind) {
    case 'exact':
      return exact(definition)
    case 'contains':
      return contains(definition)
    case 'regex':
      return pattern(definition)
    case 'schema':
      return jsonSchema(definition)
    case 'number':
      return nearNumber(definition)
    case 'similarity':
      return similarity(definition)
    case 'code':
      return code(definition)
    case 'rubric':
      return rubric(definition)
    case 'compare':
      return compare(definition)
    case 'weighted':
      return weighted(
        nameOf(definition),
        definition.guides.map(({ guide, weight = 1 }) => ({ guide: guideOf(guide), weight })),
      )
  }
}

/**
 * Reads a definition from parsed JSON, for example of a guide file.
 *
 * @throws `T2_GUIDE_INVALID` with the place and the reason.
 */
export function readGuideDefinition(json: Json): GuideDefinition {
  assertDefinition(json)
  return json
}

function assertDefinition(json: Json): asserts json is GuideDefinition & Json {
  const fault = definitionFault(json)
  if (fault !== undefined) throw raise('T2_GUIDE_INVALID', `The guide is not valid: ${fault}`)
}

const deepest = 8

function definitionFault(json: Json, place = '', depth = 0): string | undefined {
  const at = place === '' ? '' : `${place}: `
  if (typeof json !== 'object' || json === null) return `${at}it is no JSON object.`
  const kind: unknown = Reflect.get(json, 'kind')
  if (!isKind(kind)) return `${at}its kind must be one of ${Object.keys(schemas).join(', ')}.`
  const fault = schemaFault(schemas[kind], json)
  if (fault !== undefined) return at + fault
  const parts: unknown = Reflect.get(json, 'guides')
  if (!Array.isArray(parts)) return undefined
  if (depth === deepest) return `${at}guides are nested more than ${deepest} deep.`
  for (const [index, part] of parts.entries()) {
    const inner = definitionFault(part.guide, `${place}/guides/${index}/guide`, depth + 1)
    if (inner !== undefined) return inner
  }
  return undefined
}

function isKind(kind: unknown): kind is GuideDefinition['kind'] {
  return typeof kind === 'string' && Object.hasOwn(schemas, kind)
}
