import { identifier, parameterLabel } from '../text/show.ts'
import type { Shape } from './shape.ts'

/**
 * The name under which each node of a shape is known in a prompt, by position: a parameter's own name, the first
 * role in which an external input is used, the operator's name and a number. No two are equal.
 */
export function nodeNames(shape: Shape): readonly string[] {
  const taken = new Set<string>()
  for (const { node } of shape.nodes)
    if (node.kind === 'parameter') taken.add(parameterLabel(node.name))
  const counters = new Map<string, number>()
  const numbered = (base: string): string => {
    const next = (counters.get(base) ?? 0) + 1
    counters.set(base, next)
    const name = `${base}${next}`
    if (taken.has(name)) return numbered(base)
    taken.add(name)
    return name
  }
  const roles = new Map<number, string>()
  for (const { from, role } of shape.edges) if (!roles.has(from)) roles.set(from, role)
  return shape.nodes.map(({ node }, at) => {
    if (node.kind === 'parameter') return parameterLabel(node.name)
    if (node.kind !== 'input') return numbered(identifier(node.op))
    const name = identifier(roles.get(at) ?? 'input')
    if (taken.has(name)) return numbered(name)
    taken.add(name)
    return name
  })
}
