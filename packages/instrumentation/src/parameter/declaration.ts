import { type DeclarableKind, declarableKinds, type Json } from '@trace2/core'
import { isStandardSchema, jsonSchemaOf, type StandardSchema } from './standard-schema.ts'

/** A JSON schema; one that lists the values, written `as const`, tells their type. */
export type JsonSchema<T> = Json & (Json | { readonly enum: readonly T[] })

/** Options of `parameter`. */
export interface ParameterOptions<T = unknown> {
  /** The purpose of the parameter and the conditions for every value, in words. Optimizers treat it as a constraint. */
  readonly description?: string | undefined
  /** A JSON schema of the value, or a schema of a library with Standard Schema (Zod, Valibot, ArkType). */
  readonly schema?: StandardSchema<T> | JsonSchema<T> | undefined
  /**
   * What a text is, where neither its type nor its schema says it: the source of a function, the name of a language model, or
   * what a model is told of a tool.
   */
  readonly kind?: DeclarableKind | undefined
  /** Whether an optimizer may change it. Default `true`. */
  readonly trainable?: boolean | undefined
  /** Functions that change a proposed value before it is checked, in this order: for example trim, clamp or round. */
  readonly projections?: readonly ((value: NoInfer<T>) => NoInfer<T>)[] | undefined
}

/** Says what is wrong with a value beyond its type, or `undefined`. */
export type Check = (value: unknown) => string | undefined

/** What the code says of a parameter: the arguments of `parameter`, with the defaults filled in. */
export interface Declaration<T> {
  /** The value in the code. */
  readonly defaultValue: T
  /** The purpose of the parameter, in words. Empty if none was given. */
  readonly description: string
  /** JSON schema of the value. A schema of a library with Standard Schema is converted if it can be. */
  readonly schema: Json | undefined
  /** The schema as JSON text. It is computed once, because every span that uses the parameter records it. */
  readonly schemaText: string | undefined
  /** What a text was declared to be. */
  readonly kind: DeclarableKind | undefined
  /** The schema of a library with Standard Schema, if one was given. */
  readonly standard: StandardSchema<unknown> | undefined
  /** Whether an optimizer may change the parameter. */
  readonly trainable: boolean
  /** Applies the projections to a value, one after the other. */
  project(proposed: T): T
  /** Says what is wrong with a value according to its JSON schema. */
  readonly check: Check | undefined
}

export function declarationOf<T>(
  defaultValue: T,
  { description = '', schema, kind, trainable = true, projections = [] }: ParameterOptions<T>,
  check: Check | undefined,
): Declaration<T> {
  const standard = isStandardSchema(schema) ? schema : undefined
  const json = isStandardSchema(schema) ? jsonSchemaOf(schema) : schema
  return {
    defaultValue,
    description,
    schema: json,
    schemaText: json === undefined ? undefined : JSON.stringify(json),
    kind: declarableKinds.find((one) => one === kind),
    standard,
    trainable,
    project: (proposed) => projections.reduce((value, project) => project(value), proposed),
    check,
  }
}

export function isSameDeclaration(a: Declaration<unknown>, b: Declaration<unknown>): boolean {
  const identity = ({ standard, ...rest }: Declaration<unknown>) => {
    const { defaultValue, description, schema, kind, trainable } = rest
    return JSON.stringify([
      defaultValue,
      description,
      schema,
      kind,
      trainable,
      standard?.['~standard'].vendor,
    ])
  }
  return identity(a) === identity(b)
}

export function isSameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
