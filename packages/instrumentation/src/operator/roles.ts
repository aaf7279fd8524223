import { dataMember, isContainer, keysOf } from '../inspection/members.ts'
import type { DeclaredArgument } from './signature.ts'

/** The inputs of one call by name: as they were passed, handles and all, and as the function gets them. */
export interface Inputs {
  readonly roles: readonly string[]
  readonly passed: readonly unknown[]
  readonly plain: readonly unknown[]
  /** How many more there were: a call is recorded with 1,024 inputs at most. */
  readonly omitted?: number
}

const mostInputs = 1_024

/**
 * Names the arguments of a call after the function's own arguments. The members of a rest argument are `name_0`,
 * `name_1` …; a function of one object pattern has one input per member; what has no name is `arg0`, `arg1` ….
 */
export function nameInputs(
  declared: readonly DeclaredArgument[],
  passed: readonly unknown[],
  plain: readonly unknown[],
): Inputs {
  const [only] = declared
  const [options] = plain
  if (declared.length === 1 && only?.form === 'object' && isContainer(options)) {
    const keys = keysOf(options)
    if (keys) {
      const roles = keys.slice(0, mostInputs)
      const container = isContainer(passed[0]) ? passed[0] : options
      return {
        roles,
        passed: members(container, roles),
        plain: members(options, roles),
        omitted: keys.length - roles.length,
      }
    }
  }
  const names = plainNames(declared)
  if (names.length === plain.length) return { roles: names, passed, plain }
  const roles: string[] = []
  const count = Math.min(plain.length, mostInputs)
  for (let index = 0; index < count; index++) roles.push(roleOf(declared, index))
  return { roles, passed, plain, omitted: plain.length - count }
}

const namesOf = new WeakMap<readonly DeclaredArgument[], readonly string[]>()

/** The roles of a call that passes as many arguments as the function declares. */
function plainNames(declared: readonly DeclaredArgument[]): readonly string[] {
  let names = namesOf.get(declared)
  if (!names) {
    names = declared.map((_argument, index) => roleOf(declared, index))
    namesOf.set(declared, names)
  }
  return names
}

function members(object: object, keys: readonly string[]): unknown[] {
  return keys.map((key) => dataMember(object, key))
}

function roleOf(declared: readonly DeclaredArgument[], index: number): string {
  const last = declared.at(-1)
  const rest = last?.form === 'rest' ? declared.length - 1 : Number.POSITIVE_INFINITY
  if (index >= rest) return `${last?.name ?? 'arg'}_${index - rest}`
  return declared[index]?.name ?? `arg${index}`
}
