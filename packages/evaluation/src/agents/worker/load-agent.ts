import { pathToFileURL } from 'node:url'

export type AgentFunction = (...inputs: readonly unknown[]) => unknown

/**
 * Loads a module and gives the function that it exports by a name.
 *
 * @throws what the module throws; {@link ExportError} where it exports no such function.
 */
export async function loadAgent(file: string, name: string): Promise<AgentFunction> {
  const loaded: unknown = await import(pathToFileURL(file).href)
  // What a module of the CommonJS kind exports is its default, or a member of that.
  const places = [loaded, memberOf(loaded, 'default')]
  const candidates = [
    ...places.map((place) => memberOf(place, name)),
    ...(name === 'default' ? places : []),
  ]
  const found = candidates.find(isFunction)
  if (found) return found
  throw new ExportError(file, name, places)
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' || typeof value === 'function'
  return isObject && value !== null && name in value ? Reflect.get(value, name) : undefined
}

function isFunction(value: unknown): value is AgentFunction {
  return typeof value === 'function'
}

/** A module that exports no function of a name. */
export class ExportError extends Error {
  override readonly name = 'ExportError'

  constructor(file: string, name: string, places: readonly unknown[]) {
    const what = name === 'default' ? 'no function as its default' : `no function ${name}`
    const others = [...new Set(places.flatMap(functionsOf))]
    const has =
      others.length === 0 ? 'It exports no function at all' : `It has ${others.join(', ')}`
    super(`${file} exports ${what}. ${has}.`)
  }
}

const mostShown = 40

function functionsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value)
    .filter((key) => isFunction(Reflect.get(value, key)))
    .slice(0, mostShown)
}
