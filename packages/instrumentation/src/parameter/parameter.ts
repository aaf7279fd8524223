import type { DeclarableKind, Json } from '@trace2/core'
import { isParameterName, parameterBrand } from '@trace2/core'
import { raise } from '../errors.ts'
import { readParameter, useOf } from '../operator/frame.ts'
import { reportOnce } from '../report.ts'
import { types } from '../runtime/types.ts'
import {
  type Check,
  type Declaration,
  declarationOf,
  isSameDeclaration,
  isSameValue,
  type ParameterOptions,
} from './declaration.ts'
import { jsonSchemaCheck } from './json-schema.ts'
import type { Fitting, Open } from './open.ts'
import { isEvaluatedAgain, placeOfCall } from './place.ts'
import {
  dropOverride,
  findDeclared,
  isSourced,
  overrideValue,
  rememberDeclared,
} from './snapshot.ts'
import { isRefused, isStandardSchema } from './standard-schema.ts'
import { findFault } from './validation.ts'

/** A named value that an optimizer may change, such as a prompt, a number or code. {@link parameter} makes it. */
export class Parameter<T> {
  /** The name, by which sources and optimizers refer to the parameter. */
  readonly name: string
  static readonly [parameterBrand] = true
  readonly [parameterBrand] = true
  #declaration: Declaration<T>

  /** Programs make parameters with {@link parameter}, which registers them. */
  constructor(name: string, declaration: Declaration<T>) {
    this.name = name
    this.#declaration = declaration
  }

  /**
   * The declaration in the code: default value, schema and options. If a development server evaluates an edited module
   * again, it is the declaration that was evaluated last.
   */
  get declaration(): Declaration<T> {
    return this.#declaration
  }

  /** The value in the code. It is used if no source gives another one. */
  get defaultValue(): T {
    return this.#declaration.defaultValue
  }

  /** The purpose of the parameter, in words. Empty if none was given. */
  get description(): string {
    return this.#declaration.description
  }

  /** JSON schema of the value. `undefined` if none was declared. */
  get schema(): Json | undefined {
    return this.#declaration.schema
  }

  /** The schema as JSON text. `undefined` if none was declared. It is computed once for each declaration. */
  get schemaText(): string | undefined {
    return this.#declaration.schemaText
  }

  /** What a text was declared to be, or `undefined`. */
  get kind(): DeclarableKind | undefined {
    return this.#declaration.kind
  }

  /** Whether an optimizer may change the parameter. */
  get trainable(): boolean {
    return this.#declaration.trainable
  }

  /** The value in this run. Outside a run it is the current value. Reading it inside a bundle records the use. */
  get value(): T {
    // Only values that passed findFault, which compares with the default, come out of a snapshot.
    return readParameter(this).value as T
  }

  /** First 16 hex digits of the hash of the value. */
  get version(): string {
    return useOf(this).version
  }

  /**
   * Changes the value in this process. Runs that have begun keep the earlier value. The projections are applied first.
   *
   * @throws {Trace2Error} `T2_PARAMETER_VALUE` if the value has another type than the default value or does not fit the
   * schema.
   */
  update(proposed: T): void {
    const value = this.project(proposed)
    const fault = this.findFault(value)
    if (fault !== undefined) {
      throw raise('T2_PARAMETER_VALUE', `The parameter ${this.name} was not changed: ${fault}.`)
    }
    overrideValue(this.name, value)
  }

  /** Applies the projections to a proposed value. */
  project(proposed: T): T {
    return this.#declaration.project(proposed)
  }

  /** Describes in words why a proposed value does not fit, or returns `undefined` if it fits. */
  findFault(value: unknown): string | undefined {
    return findFault(value, this.#declaration)
  }

  /** Takes what an edited module says of the parameter. For `declareParameter` alone. */
  declareAgain(declaration: Declaration<T>): void {
    this.#declaration = declaration
  }

  /** The value as text. */
  toString(): string {
    return String(this.value)
  }

  /** The value, so that `JSON.stringify` writes it. */
  toJSON(): T {
    return this.value
  }
}

/** Tells whether a value is a parameter. Parameters of another copy of this package count too. */
export function isParameter(value: unknown): value is Parameter<unknown> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  return isParameterObject(value)
}

/** As {@link isParameter}, of an object that is known to be no proxy. */
export function isParameterObject(value: object): value is Parameter<unknown> {
  return Object.hasOwn(value, parameterBrand)
}

/**
 * Declares a parameter. Its value is the default value until {@link Parameter.update} or a source gives another one. The file
 * `trace2.parameters.json` is such a source (see `@trace2/instrumentation/node`). The value does not change during a run.
 *
 * The schema determines the type of the parameter. A schema that lists texts thus gives a union of these texts; in a JSON
 * schema, the `enum` needs `as const` for that. Without a schema, the type is that of the default value.
 *
 * Declaring a parameter again returns the same object. If a development server evaluates an edited module again, the object
 * takes the new declaration.
 *
 * @throws {Trace2Error} `T2_PARAMETER_NAME` if the name has other characters than letters, digits and `. _ - /`;
 * `T2_PARAMETER_DUPLICATE` if another parameter has the name; `T2_PARAMETER_VALUE` if the default value does not fit its
 * JSON schema.
 * @example
 * const system = parameter('triage.system', 'Classify the ticket.', { description: 'At most 120 words.' })
 * const mode = parameter('triage.mode', 'fast', { schema: { enum: ['fast', 'careful'] } as const }) // 'fast' | 'careful'
 */
export function parameter<Default, Value = Open<Default>>(
  name: string,
  defaultValue: Fitting<Default, Value>,
  options?: ParameterOptions<Value>,
): Parameter<Value>
export function parameter<Value>(
  name: string,
  defaultValue: Value,
  options: ParameterOptions<Value> = {},
): Parameter<Value> {
  const { schema } = options
  const isJson = schema !== undefined && !isStandardSchema(schema)
  const check = isJson ? jsonSchemaCheck(schema) : undefined
  return declareParameter(name, defaultValue, options, parameter, check)
}

/** As {@link parameter}, called by `factory`, with a check of values beyond type and Standard Schema. */
export function declareParameter<T>(
  name: string,
  defaultValue: T,
  options: ParameterOptions<T>,
  factory: (...args: never[]) => unknown,
  check: Check | undefined,
): Parameter<T> {
  if (!isParameterName(name)) {
    throw raise('T2_PARAMETER_NAME', `${JSON.stringify(name)} cannot be the name of a parameter.`)
  }
  const declaration = declarationOf(defaultValue, options, check)
  const known = knownParameter(name)
  if (known && isSameDeclaration(known.parameter.declaration, declaration)) {
    // The same name, default and options: the same parameter, whatever type it was first declared with.
    return known.parameter as Parameter<T>
  }
  checkDefault(name, declaration)
  const place = placeOfCall(factory)
  if (!known) {
    const created = new Parameter(name, declaration)
    rememberDeclared(created, place)
    return created
  }
  const { parameter, place: earlier, atOnce } = known
  const places = `at ${earlier?.text ?? 'a place unknown'} and at ${place?.text ?? 'a place unknown'}`
  if (!isEvaluatedAgain(earlier, place, atOnce)) {
    throw raise('T2_PARAMETER_DUPLICATE', `Two different parameters are called ${name}, ${places}.`)
  }
  const isEdited = !isSameValue(parameter.defaultValue, declaration.defaultValue)
  parameter.declareAgain(declaration)
  rememberDeclared(parameter, place)
  reportAgain(name, places, isEdited)
  // A module that gives a parameter another type has no other use of it left.
  return parameter as Parameter<T>
}

/** What was declared under the name, as the class that it is of. */
function knownParameter(name: string) {
  const known = findDeclared(name)
  const parameter = known?.parameter
  return known && parameter && isParameterObject(parameter) ? { ...known, parameter } : undefined
}

/** Who edits the value in the code wants it to hold: what was set in the process was made of the one before. */
function reportAgain(name: string, places: string, isEdited: boolean): void {
  const dropped = isEdited && dropOverride(name)
  const what = [
    `The parameter ${name} was declared again and differs, ${places}. What was declared last holds.`,
    ...(dropped ? ['The value that update() had set for the one before is left out.'] : []),
    ...(isEdited && isSourced(name) ? ['The value from outside the code stays in use.'] : []),
  ].join(' ')
  reportOnce('warn', raise('T2_PARAMETER_REDECLARED', what), dropped ? what : name)
}

/** A default that its own schema refuses is a mistake in the code. A schema that cannot be asked may be the library's fault. */
function checkDefault(name: string, { defaultValue, ...rest }: Declaration<unknown>): void {
  const declaration = { defaultValue, ...rest }
  const fault = findFault(defaultValue, declaration)
  if (fault === undefined) return
  const what = `The value in the code of the parameter ${name} does not fit: ${fault}.`
  const error = raise('T2_PARAMETER_VALUE', what)
  if (isRefusedBySchema(declaration)) throw error
  reportOnce('warn', error)
}

function isRefusedBySchema({ defaultValue, standard, check }: Declaration<unknown>): boolean {
  try {
    return standard ? isRefused(standard, defaultValue) : check?.(defaultValue) !== undefined
  } catch {
    return false
  }
}
