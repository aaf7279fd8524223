import { raise } from '../errors.ts'
import { readParameter, useOf } from '../operator/frame.ts'
import type { Json } from '../semconv/canonical.ts'
import { isParameterName } from '../semconv/reference.ts'
import { overrideValue } from './snapshot.ts'
import { findFault } from './validation.ts'

export interface ParameterOptions {
  /** What the parameter is for, and what must hold for any value. An optimizer treats it as a constraint. */
  readonly description?: string
  /** JSON schema of the value. */
  readonly schema?: Json
  /** Whether an optimizer may change it. Default `true`. */
  readonly trainable?: boolean
}

const brand = Symbol.for('trace2.parameter')

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
  readonly #check: ((value: unknown) => string | undefined) | undefined

  constructor(
    name: string,
    defaultValue: T,
    options: ParameterOptions,
    check?: (value: unknown) => string | undefined,
  ) {
    this.name = name
    this.defaultValue = defaultValue
    this.description = options.description ?? ''
    this.schema = options.schema
    this.trainable = options.trainable ?? true
    this.schemaText = options.schema === undefined ? undefined : JSON.stringify(options.schema)
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
  update(value: T): void {
    const fault = this.findFault(value)
    if (fault !== undefined) {
      throw raise('T2_PARAMETER_VALUE', `The parameter ${this.name} was not changed: ${fault}.`)
    }
    overrideValue(this.name, value)
  }

  /** Says what is wrong with a proposed value, or `undefined` where it fits. */
  findFault(value: unknown): string | undefined {
    return findFault(value, this.defaultValue, this.schema) ?? this.#check?.(value)
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
  return typeof value === 'object' && value !== null && brand in value
}

const parameters = new Map<string, Parameter<unknown>>()

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
  options: ParameterOptions = {},
): Parameter<T> {
  return declareParameter(name, defaultValue, options)
}

/** As {@link parameter}, with a check of values beyond type and schema. */
export function declareParameter<T>(
  name: string,
  defaultValue: T,
  options: ParameterOptions,
  check?: (value: unknown) => string | undefined,
): Parameter<T> {
  if (!isParameterName(name)) {
    throw raise('T2_PARAMETER_NAME', `${JSON.stringify(name)} cannot be the name of a parameter.`)
  }
  const created = new Parameter(name, defaultValue, options, check)
  const known = parameters.get(name)
  if (!known) {
    parameters.set(name, created)
    return created
  }
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
