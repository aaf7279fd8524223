import { diag } from '@opentelemetry/api'
import { raise } from '../errors.ts'
import type { Parameter } from './parameter.ts'
import { type ParameterUse, parameterUse } from './use.ts'

/** The values of all parameters at one moment. A run keeps the one that it began with. */
export class Snapshot {
  readonly values: ReadonlyMap<string, unknown>
  readonly #uses = new Map<Parameter<unknown>, ParameterUse>()

  constructor(values: ReadonlyMap<string, unknown>) {
    this.values = values
  }

  use(parameter: Parameter<unknown>): ParameterUse {
    let use = this.#uses.get(parameter)
    if (!use) {
      use = parameterUse(parameter, this.#valueOf(parameter))
      this.#uses.set(parameter, use)
    }
    return use
  }

  #valueOf(parameter: Parameter<unknown>): unknown {
    if (!this.values.has(parameter.name)) return parameter.defaultValue
    const value = this.values.get(parameter.name)
    const fault = parameter.findFault(value)
    if (fault === undefined) return value
    reportOnce(parameter.name, fault)
    return parameter.defaultValue
  }
}

const reported = new Set<string>()

function reportOnce(name: string, fault: string): void {
  const message = `The value given for the parameter ${name} is not used: ${fault}. The value in the code is.`
  if (reported.has(message)) return
  reported.add(message)
  const error = raise('T2_PARAMETER_VALUE', message)
  diag.error(`${error.code}: ${error.message} ${error.remedy}`)
}

let sourced: ReadonlyMap<string, unknown> = new Map()
let updated: ReadonlyMap<string, unknown> = new Map()
let current = new Snapshot(new Map())

export function currentSnapshot(): Snapshot {
  return current
}

/**
 * Replaces the values that come from outside the code, by name. Runs that have begun keep the values they have.
 * A name that is missing falls back to the value in the code; a value that does not fit its parameter is reported
 * once through `diag` and not used.
 */
export function setParameterValues(values: ReadonlyMap<string, unknown>): void {
  sourced = values
  current = new Snapshot(new Map([...sourced, ...updated]))
}

/** Changes one parameter in this process; it outranks {@link setParameterValues}. */
export function overrideValue(name: string, value: unknown): void {
  updated = new Map([...updated, [name, value]])
  current = new Snapshot(new Map([...sourced, ...updated]))
}
