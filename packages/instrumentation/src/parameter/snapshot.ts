import {
  type Choice,
  onlyChoice,
  type ParametersDocument,
  type ParameterValues,
  shared,
} from '@trace2/core'
import { raise } from '../errors.ts'
import { reportOnce } from '../report.ts'
import type { Place } from './code-place.ts'
import type { DeclaredParameter } from './declared-parameter.ts'
import { type ParameterUse, parameterUse } from './use.ts'

/** The values of all parameters at one moment. A run keeps the one that it began with. */
export class Snapshot {
  readonly values: ParameterValues
  readonly #uses = new Map<DeclaredParameter, readonly ParameterUse[]>()

  constructor(values: ParameterValues) {
    this.values = values
  }

  /** What a parameter may be, the likeliest first; nearly always one value. */
  uses(parameter: DeclaredParameter): readonly ParameterUse[] {
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
  use(parameter: DeclaredParameter): ParameterUse {
    return this.uses(parameter)[0] ?? parameterUse(parameter, parameter.defaultValue, 1)
  }

  #choices(parameter: DeclaredParameter): readonly Choice[] {
    const choices = this.values.get(parameter.name)
    const fault = choices && faultOf(parameter, choices)
    if (fault !== undefined) reportFault(parameter.name, fault)
    if (!choices || fault !== undefined) return onlyChoice(parameter.defaultValue)
    return choices.toSorted((a, b) => b.propensity - a.propensity)
  }
}

function faultOf(parameter: DeclaredParameter, choices: readonly Choice[]): string | undefined {
  for (const { value } of choices) {
    const fault = parameter.findFault(value)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** What is wrong with values for parameters that are declared, by name. */
export function findValueFaults(values: ParameterValues): ReadonlyMap<string, string> {
  const faults = new Map<string, string>()
  for (const [name, choices] of values) {
    const parameter = state.declared.get(name)?.parameter
    const fault = parameter && faultOf(parameter, choices)
    if (fault !== undefined) faults.set(name, fault)
  }
  return faults
}

/** A document may have a hundred thousand faulty entries, and names of any length. */
const mostReported = 20
const longestName = 100

function reportFault(name: string, fault: string): void {
  const shown = name.slice(0, longestName)
  const why = fault.slice(0, longestFault)
  const message = `The value given for the parameter ${shown} is not used: ${why}. The one before stays in use.`
  reportOnce('error', raise('T2_PARAMETER_VALUE', message))
}

/** A schema may quote the value in what it says. */
const longestFault = 1_000

interface Declared {
  readonly parameter: DeclaredParameter
  readonly place: Place | undefined
  /** Whether it was declared last in the same turn of the event loop as this look at it. */
  readonly atOnce: boolean
}

/** Of all copies of this package: one parameter of a name, one value. */
const state = shared('parameters', () => ({
  declared: new Map<string, Omit<Declared, 'atOnce'>>(),
  /** Names that were declared in this turn of the event loop. */
  declaredNow: new Set<string>(),
  sourced: new Map() as ParameterValues,
  updated: new Map() as ParameterValues,
  current: new Snapshot(new Map()),
}))

function takeSnapshot(): void {
  state.current = new Snapshot(new Map([...state.sourced, ...state.updated]))
}

export function findDeclared(name: string): Declared | undefined {
  const known = state.declared.get(name)
  return known && { ...known, atOnce: state.declaredNow.has(name) }
}

/** Makes a parameter known by name, or what it was declared as last. */
export function rememberDeclared(parameter: DeclaredParameter, place: Place | undefined): void {
  const { declared, declaredNow } = state
  if (declared.has(parameter.name)) takeSnapshot()
  declared.set(parameter.name, { parameter, place })
  if (declaredNow.size === 0) queueMicrotask(() => declaredNow.clear())
  declaredNow.add(parameter.name)
}

export function currentSnapshot(): Snapshot {
  return state.current
}

/**
 * Replaces the values that come from outside the code. Runs that have begun keep their values. A parameter whose name is
 * missing returns to its value in the code. A value that does not fit its parameter is reported once as a warning, and the
 * earlier value stays in use.
 */
export function setParameterValues(values: ParameterValues): void {
  takeDocument({ values, faulty: [] })
}

/** As {@link setParameterValues}; names of entries that are none keep the values that they have. */
export function takeDocument({ values, faulty }: ParametersDocument): void {
  const accepted = new Map(values)
  for (const [at, name] of faulty.entries()) {
    if (at < mostReported) reportFault(name, 'it has neither a value nor variants with weights')
    const before = state.sourced.get(name)
    if (before) accepted.set(name, before)
  }
  for (const [name, fault] of findValueFaults(values)) {
    reportFault(name, fault)
    const before = state.sourced.get(name)
    if (before) accepted.set(name, before)
    else accepted.delete(name)
  }
  state.sourced = accepted
  takeSnapshot()
}

/** Names of the values from outside the code that no parameter of the program has, in order. */
export function unclaimedNames(): readonly string[] {
  return [...state.sourced.keys()].filter((name) => !state.declared.has(name)).sort()
}

/** Changes one parameter in this process; it outranks {@link setParameterValues}. */
export function overrideValue(name: string, value: unknown): void {
  state.updated = new Map([...state.updated, [name, onlyChoice(value)]])
  takeSnapshot()
}

/** Takes back {@link overrideValue}; says whether there was anything to take back. */
export function dropOverride(name: string): boolean {
  const updated = new Map(state.updated)
  const dropped = updated.delete(name)
  state.updated = updated
  if (dropped) takeSnapshot()
  return dropped
}

/** Whether {@link setParameterValues} gave a value, which outranks the one in the code. */
export function isSourced(name: string): boolean {
  return state.sourced.has(name)
}
