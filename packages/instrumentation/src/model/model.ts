import { isNode } from '../node.ts'
import { isParameter, type Parameter } from '../parameter/parameter.ts'

/**
 * The parameters that can be reached from an agent: in its members, in their members, and in trainable bundles among
 * them; each once, in the order in which they are found. Members behind `#` cannot be seen.
 */
export function gatherParameters(agent: unknown): Parameter<unknown>[] {
  const found = new Set<Parameter<unknown>>()
  gather(agent, found, new Set())
  return [...found]
}

function gather(value: unknown, found: Set<Parameter<unknown>>, seen: Set<object>): void {
  const isObject = typeof value === 'object' || typeof value === 'function'
  if (!isObject || value === null || seen.has(value)) return
  seen.add(value)
  if (isParameter(value)) {
    found.add(value)
    return
  }
  if (isNode(value)) return
  if (typeof value === 'function') {
    for (const parameter of bundleParameters(value)) found.add(parameter)
    return
  }
  const members: Iterable<unknown> =
    value instanceof Map || value instanceof Set ? value.values() : dataMembers(value)
  for (const member of members) gather(member, found, seen)
}

/** Without getters, which are code to run. */
function dataMembers(value: object): unknown[] {
  return Object.values(Object.getOwnPropertyDescriptors(value)).flatMap((descriptor) =>
    'value' in descriptor ? [descriptor.value] : [],
  )
}

function bundleParameters(value: object): readonly Parameter<unknown>[] {
  if (!('operator' in value) || !('parameters' in value)) return []
  const { parameters } = value
  const gathered: unknown = typeof parameters === 'function' ? parameters() : []
  return Array.isArray(gathered) ? gathered.filter(isParameter) : []
}

/**
 * An agent as a class: its parameters and bundles are members, and `parameters()` gathers them.
 *
 * @example
 * class Triage extends Model {
 *   readonly system = parameter('triage.system', 'Classify the ticket.')
 *   readonly classify = bundle('classify', async (body: string) => llm(t`${this.system}\n\n${body}`))
 * }
 * new Triage().parameters() // [the parameter triage.system]
 */
export class Model {
  parameters(): Parameter<unknown>[] {
    return gatherParameters(this)
  }
}

/**
 * Gives an agent that is a plain object (or an instance of a class of its own) the method `parameters()`.
 *
 * @example const agent = model({ system, threshold, answer })
 */
export function model<Agent extends object>(
  agent: Agent,
): Agent & { parameters(): Parameter<unknown>[] } {
  return Object.defineProperty(
    Object.assign(agent, { parameters: () => gatherParameters(agent) }),
    'parameters',
    {
      enumerable: false,
    },
  )
}
