import { canonicalJson, type Json } from '@trace2/core'

/**
 * The part of the Standard Schema interface (standardschema.dev, version 1) that is used here, for values of type
 * `Input`; without it, of any type. A parameter's value is checked and stays as it is, so that its type is what goes into the
 * schema, also where the schema makes something else of it.
 */
export interface StandardSchema<Input = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => unknown
    readonly types?: { readonly input: Input } | undefined
  }
}

export function isStandardSchema(schema: unknown): schema is StandardSchema<unknown> {
  const isObject = (typeof schema === 'object' && schema !== null) || typeof schema === 'function'
  if (!isObject) return false
  const standard: unknown = Reflect.get(schema, '~standard')
  return typeof standard === 'object' && standard !== null && 'validate' in standard
}

/** The same schema as JSON schema, where its library can say it (Standard JSON Schema); otherwise `undefined`. */
export function jsonSchemaOf(schema: StandardSchema<unknown>): Json | undefined {
  const converter: unknown = Reflect.get(schema['~standard'], 'jsonSchema')
  if (typeof converter !== 'object' || converter === null || !('input' in converter))
    return undefined
  const { input } = converter
  if (typeof input !== 'function') return undefined
  try {
    const converted: unknown = Reflect.apply(input, converter, [{ target: 'draft-2020-12' }])
    const json: Json = JSON.parse(canonicalJson(converted))
    return json
  } catch {
    return undefined
  }
}

/** Whether the schema says at once that a value is wrong: not one that throws, or answers later. */
export function isRefused(schema: StandardSchema<unknown>, value: unknown): boolean {
  const result = schema['~standard'].validate(value)
  return (
    typeof result === 'object' && result !== null && Array.isArray(Reflect.get(result, 'issues'))
  )
}

/** Says what is wrong with a value, or `undefined` where the schema accepts it. */
export function findStandardFault(
  schema: StandardSchema<unknown>,
  value: unknown,
): string | undefined {
  const result = schema['~standard'].validate(value)
  if (typeof result !== 'object' || result === null) return 'the schema gave no answer'
  if ('then' in result)
    return 'the schema answers later; a parameter needs one that answers at once'
  if (!('issues' in result) || !Array.isArray(result.issues)) return undefined
  const issues: readonly unknown[] = result.issues
  return issues
    .map((issue) =>
      typeof issue === 'object' && issue !== null && 'message' in issue
        ? String(issue.message)
        : 'invalid',
    )
    .join('; ')
}
