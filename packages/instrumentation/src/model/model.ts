import { isNode } from '../node.ts'
import { isParameter, type Parameter } from '../parameter/parameter.ts'

/**
 * Returns the parameters of an agent. It searches the members of the agent, their members, and the trainable bundles among
 * them. Each parameter is returned once, in the order of the search. Private members (`#name`) are not searched.
 *
 * @example const optimizer = new OptoPrime(gatherParameters(agent))
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
 * A base class for agents whose parameters and bundles are members. Its method `parameters()` returns them, as
 * {@link gatherParameters} does.
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
 * Adds the method `parameters()` to an agent that is a plain object or an instance of another class.
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
