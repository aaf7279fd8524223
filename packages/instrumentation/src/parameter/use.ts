import type { Origin } from '@trace2/core'
import { parameterVersion, shared } from '@trace2/core'
import { isContainer } from '../inspection/members.ts'
import type { Part, Producer } from '../lineage/producer.ts'
import { walk } from '../lineage/walk.ts'
import type { DeclaredParameter } from './declared-parameter.ts'

/** A parameter with the value that it has in a run. */
export interface ParameterUse extends Producer {
  readonly parameter: DeclaredParameter
  readonly value: unknown
  readonly version: string
  /** Probability with which the run got this value; 1 where there was no choice. */
  readonly propensity: number
}

// Of all runs: the object that is a parameter's value is nobody else's.
const parameterObjects = shared(
  'parameter.objects',
  () => new WeakMap<object, Part & { readonly producer: ParameterUse }>(),
)

export function parameterUse(
  parameter: DeclaredParameter,
  value: unknown,
  propensity: number,
): ParameterUse {
  const version = parameterVersion(value)
  const origin: Origin = { kind: 'parameter', name: parameter.name, version, pointer: '' }
  const isString = typeof value === 'string'
  const text = isString ? value : (JSON.stringify(value) ?? 'null')
  const use: ParameterUse = {
    parameter,
    value,
    version,
    propensity,
    origin,
    text,
    isString,
    scope: undefined,
    returned: [],
  }
  if (isContainer(value)) {
    walk(value, (part, pointer) => {
      if (typeof part === 'object' && part !== null) {
        parameterObjects.set(part, { producer: use, pointer })
      }
      return undefined
    })
  }
  return use
}

/** The parameter that has this object as its value, or in it. */
export function findParameterObject(
  object: object,
): (Part & { readonly producer: ParameterUse }) | undefined {
  return parameterObjects.get(object)
}

export function isParameterUse(producer: Producer): producer is ParameterUse {
  return producer.origin.kind === 'parameter'
}
