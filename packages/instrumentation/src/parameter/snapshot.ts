import { diag } from '@opentelemetry/api'
import { raise } from '../errors.ts'
import { type Choice, onlyChoice, type ParameterValues } from './choices.ts'
import type { Parameter } from './parameter.ts'
import { type ParameterUse, parameterUse } from './use.ts'

/** The values of all parameters at one moment. A run keeps the one that it began with. */
export class Snapshot {
  readonly values: ParameterValues
  readonly #uses = new Map<Parameter<unknown>, readonly ParameterUse[]>()

  constructor(values: ParameterValues) {
    this.values = values
  }

  /** What a parameter may be, the likeliest first; nearly always one value. */
  uses(parameter: Parameter<unknown>): readonly ParameterUse[] {
    let uses = this.#uses.get(parameter)
    if (!uses) {
      uses = this.#choices(parameter).map(({ value, propensity }) =>
        parameterUse(parameter, value, propensity),
      )
      this.#uses.set(parameter, uses)
    }
    return uses
  }

  /** The value where nobody chooses. */
  use(parameter: Parameter<unknown>): ParameterUse {
    return this.uses(parameter)[0] ?? parameterUse(parameter, parameter.defaultValue, 1)
  }

  #choices(parameter: Parameter<unknown>): readonly Choice[] {
    const choices = this.values.get(parameter.name)
    const fault = choices && faultOf(parameter, choices)
    if (fault !== undefined) reportOnce(parameter.name, fault)
    if (!choices || fault !== undefined) return onlyChoice(parameter.defaultValue)
    return choices.toSorted((a, b) => b.propensity - a.propensity)
  }
}

function faultOf(parameter: Parameter<unknown>, choices: readonly Choice[]): string | undefined {
  for (const { value } of choices) {
    const fault = parameter.findFault(value)
    if (fault !== undefined) return fault
  }
  return undefined
}

const reported = new Set<string>()

function reportOnce(name: string, fault: string): void {
  const message = `The value given for the parameter ${name} is not used: ${fault}. The one before stays in use.`
  if (reported.has(message)) return
  reported.add(message)
  const error = raise('T2_PARAMETER_VALUE', message)
  diag.error(`${error.code}: ${error.message} ${error.remedy}`)
}

const declared = new Map<string, Parameter<unknown>>()
let sourced: ParameterValues = new Map()
let updated: ParameterValues = new Map()
let current = new Snapshot(new Map())

/** Makes a parameter known by name; returns the one that has the name already, if any. */
export function register(parameter: Parameter<unknown>): Parameter<unknown> | undefined {
  const known = declared.get(parameter.name)
  if (!known) declared.set(parameter.name, parameter)
  return known
}

export function currentSnapshot(): Snapshot {
  return current
}

/**
 * Replaces the values that come from outside the code, by name. Runs that have begun keep the values they have.
 * A name that is missing falls back to the value in the code. A value that does not fit its parameter is reported
 * once through `diag`, and the value before it stays in use.
 */
export function setParameterValues(values: ParameterValues): void {
  const accepted = new Map(values)
  for (const [name, choices] of values) {
    const parameter = declared.get(name)
    const fault = parameter && faultOf(parameter, choices)
    if (fault === undefined) continue
    reportOnce(name, fault)
    const before = sourced.get(name)
    if (before) accepted.set(name, before)
    else accepted.delete(name)
  }
  sourced = accepted
  current = new Snapshot(new Map([...sourced, ...updated]))
}

/** Changes one parameter in this process; it outranks {@link setParameterValues}. */
export function overrideValue(name: string, value: unknown): void {
  updated = new Map([...updated, [name, onlyChoice(value)]])
  current = new Snapshot(new Map([...sourced, ...updated]))
}
