import type { Json } from './canonical.ts'

/** What sort of value a parameter has. Optimizers, pages and searches treat each in its own way. */
export const parameterKinds = [
  'text',
  'number',
  'integer',
  'boolean',
  /** One of the values that the schema lists. */
  'enum',
  'object',
  'list',
  /** What a model is told of a tool. */
  'tool-description',
  /** The name of a language model. */
  'model',
  /** The source of a function. */
  'code',
  /** Nothing tells: the value is null and has no schema. */
  'any',
] as const

/** One of {@link parameterKinds}. */
export type ParameterKind = (typeof parameterKinds)[number]

/** Kinds that are texts like any other unless the program says so. */
export const declarableKinds = ['tool-description', 'model', 'code'] as const

/** One of {@link declarableKinds}. */
export type DeclarableKind = (typeof declarableKinds)[number]

/** A parameter in one version: what recorder, store and optimizers know of it. */
export interface ParameterValue {
  /** Name of the parameter. */
  readonly name: string
  /** First 16 hex digits of the hash of the value. */
  readonly version: string
  /** The value, as JSON. */
  readonly value: Json
  /**
   * What sort of value this is, for example `text`, `number` or `code`. The name is not `kind`, because nodes of a
   * graph have another member `kind`.
   */
  readonly valueKind: ParameterKind
  /** Whether an optimizer may change it. */
  readonly trainable: boolean
  /** The purpose of the parameter, in words. Empty if none was given. */
  readonly description: string
  /** JSON schema of the value, or `null` where none was declared. */
  readonly schema: Json
}

/**
 * The kind of a value: what is declared, where the value can be that; otherwise what its schema says; otherwise the type
 * of the value.
 *
 * @param declared may be anything: strangers declare kinds too.
 */
export function parameterKind(value: Json, schema: Json, declared?: unknown): ParameterKind {
  const isText = typeof value === 'string'
  const said = isText ? declarableKinds.find((kind) => kind === declared) : undefined
  return said ?? kindInSchema(schema, isText) ?? byType.get(typeOf(value)) ?? 'any'
}

function isSchema(schema: Json): schema is { readonly [member: string]: Json } {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema)
}

function kindInSchema(schema: Json, isText: boolean): ParameterKind | undefined {
  if (!isSchema(schema)) return undefined
  const { type, contentMediaType, anyOf, oneOf, allOf } = schema
  if (isText && contentMediaType === 'text/javascript') return 'code'
  if (isListing(schema)) return 'enum'
  const choices = [anyOf, oneOf].find((one) => Array.isArray(one))
  if (Array.isArray(choices)) return kindOfChoices(choices.filter(isSchema), isText)
  const types = Array.isArray(type) ? type.filter((one) => one !== 'null') : [type]
  const [only] = types
  const told = types.length === 1 && typeof only === 'string' ? byType.get(only) : undefined
  if (told !== undefined || !Array.isArray(allOf)) return told
  // The most that is said of it: an integer is a number too.
  const parts = allOf.map((part) => kindInSchema(part, isText))
  return parts.find((kind) => kind === 'enum' || kind === 'integer') ?? parts.find(Boolean)
}

/** Of a choice of schemas, `null` aside: an enum where each has one value, otherwise what all of them say alike. */
function kindOfChoices(
  choices: readonly { readonly [member: string]: Json }[],
  isText: boolean,
): ParameterKind | undefined {
  const others = choices.filter((choice) => choice.type !== 'null' && choice.const !== null)
  if (others.length > 0 && others.every(isListing)) return 'enum'
  const kinds = new Set(others.map((choice) => kindInSchema(choice, isText)))
  return kinds.size === 1 ? [...kinds][0] : undefined
}

function isListing(schema: { readonly [member: string]: Json }): boolean {
  return Array.isArray(schema.enum) || Object.hasOwn(schema, 'const')
}

function typeOf(value: Json): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
}

const byType: ReadonlyMap<string, ParameterKind> = new Map([
  ['string', 'text'],
  ['number', 'number'],
  ['integer', 'integer'],
  ['boolean', 'boolean'],
  ['object', 'object'],
  ['array', 'list'],
])
