import { type DeclarableKind, declarableKinds, type Json } from '@trace2/core'
import { isStandardSchema, jsonSchemaOf, type StandardSchema } from './standard-schema.ts'

/** A JSON schema; one that lists the values, written `as const`, tells their type. */
export type JsonSchema<T> = Json & (Json | { readonly enum: readonly T[] })

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

/** What one evaluation of the code says of a parameter. */
export interface Declaration<T> {
  readonly defaultValue: T
  readonly description: string
  readonly schema: Json | undefined
  /** JSON text of the schema, made once. */
  readonly schemaText: string | undefined
  readonly kind: DeclarableKind | undefined
  readonly standard: StandardSchema<unknown> | undefined
  readonly trainable: boolean
  /** The projections, one after the other. A method, so that a declaration of one type is also one of unknown type. */
  project(proposed: T): T
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
