import { types } from 'node:util'
import { raise } from '../errors.ts'
import { readParameter, useOf } from '../operator/frame.ts'
import type { Json } from '../semconv/canonical.ts'
import { isParameterName } from '../semconv/reference.ts'
import { overrideValue, register } from './snapshot.ts'
import {
  findStandardFault,
  isStandardSchema,
  jsonSchemaOf,
  type StandardSchema,
} from './standard-schema.ts'
import { findFault } from './validation.ts'

export interface ParameterOptions<T = never> {
  /** What the parameter is for, and what must hold for any value. An optimizer treats it as a constraint. */
  readonly description?: string
  /** JSON schema of the value, or a schema of any library that speaks Standard Schema (Zod, Valibot, ArkType). */
  readonly schema?: Json | StandardSchema
  /** Whether an optimizer may change it. Default `true`. */
  readonly trainable?: boolean
  /** What a proposed value passes through, in order, before it is checked and used: trim it, clamp it, round it. */
  readonly projections?: readonly ((value: T) => T)[]
}

const brand = Symbol.for('trace2.parameter')

// A method, so that a parameter of one type is also one of unknown type.
interface Projection<T> {
  apply(proposed: T): T
}

/** A value that an optimizer may change: a prompt, a number, a choice, code. Made by {@link parameter}. */
export class Parameter<T> {
  readonly name: string
  /** The value in the code, which holds where no source gives another. */
  readonly defaultValue: T
  readonly description: string
  readonly schema: Json | undefined
  readonly trainable: boolean
  /** JSON text of the schema, made once. */
  readonly schemaText: string | undefined
  readonly [brand] = true
  readonly #projection: Projection<T>
  readonly #standard: StandardSchema | undefined
  readonly #check: ((value: unknown) => string | undefined) | undefined

  constructor(
    name: string,
    defaultValue: T,
    options: ParameterOptions<T>,
    check?: (value: unknown) => string | undefined,
  ) {
    this.name = name
    this.defaultValue = defaultValue
    this.description = options.description ?? ''
    const { schema } = options
    this.#standard = isStandardSchema(schema) ? schema : undefined
    this.schema = isStandardSchema(schema) ? jsonSchemaOf(schema) : schema
    const { projections = [] } = options
    this.#projection = {
      apply: (proposed) => projections.reduce((value, project) => project(value), proposed),
    }
    this.trainable = options.trainable ?? true
    this.schemaText = this.schema === undefined ? undefined : JSON.stringify(this.schema)
    this.#check = check
  }

  /** The value in this run; outside any run, the current one. Reading it inside a bundle records the use. */
  get value(): T {
    // Only values that passed findFault, which compares with the default, come out of a snapshot.
    return readParameter(this).value as T
  }

  /** First 16 hex digits of the hash of the value. */
  get version(): string {
    return useOf(this).version
  }

  /**
   * Changes the value in this process, from the next run on.
   *
   * @throws {Trace2Error} `T2_PARAMETER_VALUE` where the value has another type than the default, or its schema
   * does not accept it.
   */
  update(proposed: T): void {
    const value = this.project(proposed)
    const fault = this.findFault(value)
    if (fault !== undefined) {
      throw raise('T2_PARAMETER_VALUE', `The parameter ${this.name} was not changed: ${fault}.`)
    }
    overrideValue(this.name, value)
  }

  /** A proposed value after the projections. */
  project(proposed: T): T {
    return this.#projection.apply(proposed)
  }

  /** Says what is wrong with a proposed value, or `undefined` where it fits. */
  findFault(value: unknown): string | undefined {
    const standard = this.#standard
    const fault = standard
      ? findStandardFault(standard, value)
      : findFault(value, this.defaultValue, this.schema)
    return fault ?? this.#check?.(value)
  }

  toString(): string {
    return String(this.value)
  }

  toJSON(): T {
    return this.value
  }
}

/** Whether a value is a parameter, also one made by another copy of this package. */
export function isParameter(value: unknown): value is Parameter<unknown> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  return isParameterObject(value)
}

/** As {@link isParameter}, of an object that is known to be no proxy. */
export function isParameterObject(value: object): value is Parameter<unknown> {
  return Object.hasOwn(value, brand)
}

/**
 * Declares a parameter. Its value comes from the code until a source (`trace2.parameters.json`, see
 * `@trace2/instrumentation/node`) or {@link Parameter.update} gives another; it is fixed for the length of a run.
 * Declaring the same parameter again gives the same object.
 *
 * @throws {Trace2Error} `T2_PARAMETER_NAME` for a name with other characters than letters, digits and `. _ - /`;
 * `T2_PARAMETER_DUPLICATE` where another parameter has the name.
 * @example
 * const system = parameter('triage.system', 'Classify the ticket.', { description: 'At most 120 words.' })
 */
export function parameter<T>(
  name: string,
  defaultValue: T,
  options: ParameterOptions<T> = {},
): Parameter<T> {
  return declareParameter(name, defaultValue, options)
}

/** As {@link parameter}, with a check of values beyond type and schema. */
export function declareParameter<T>(
  name: string,
  defaultValue: T,
  options: ParameterOptions<T>,
  check?: (value: unknown) => string | undefined,
): Parameter<T> {
  if (!isParameterName(name)) {
    throw raise('T2_PARAMETER_NAME', `${JSON.stringify(name)} cannot be the name of a parameter.`)
  }
  const created = new Parameter(name, defaultValue, options, check)
  const known = register(created)
  if (!known) return created
  if (!isSame(known, created)) {
    throw raise('T2_PARAMETER_DUPLICATE', `Two different parameters are called ${name}.`)
  }
  // The same name, default and options: the same parameter, whatever type it was first declared with.
  return known as Parameter<T>
}

function isSame(a: Parameter<unknown>, b: Parameter<unknown>): boolean {
  const identity = ({ defaultValue, description, schema, trainable }: Parameter<unknown>) =>
    JSON.stringify([defaultValue, description, schema, trainable])
  return identity(a) === identity(b)
}
