import { identifier, isAlias, parameterLabel } from '@trace2/core'
import type { Shape } from './shape.ts'

/**
 * The name under which each node of a shape is known in a prompt, by position: a parameter's own name (with a number where
 * the run used several versions of it), the first role in which an external input is used, the operator's name and a
 * number. No two are equal.
 */
export function nodeNames(shape: Shape): readonly string[] {
  const taken = new Set<string>()
  const versions = new Map<string, number>()
  for (const { node } of shape.nodes) {
    if (node.kind !== 'parameter') continue
    const label = parameterLabel(node.name)
    taken.add(label)
    versions.set(label, (versions.get(label) ?? 0) + 1)
  }
  const numbers = new Map<string, number>()
  const versionOf = (label: string): string => {
    if (versions.get(label) === 1) return label
    const number = (numbers.get(label) ?? 0) + 1
    numbers.set(label, number)
    return `${label}#${number}`
  }
  const counters = new Map<string, number>()
  const numbered = (base: string): string => {
    const next = (counters.get(base) ?? 0) + 1
    counters.set(base, next)
    const name = `${base}${isAlias(base) ? '.' : ''}${next}`
    if (taken.has(name)) return numbered(base)
    taken.add(name)
    return name
  }
  const roles = new Map<number, string>()
  for (const { from, role } of shape.edges) if (!roles.has(from)) roles.set(from, role)
  return shape.nodes.map(({ node }, at) => {
    if (node.kind === 'parameter') return versionOf(parameterLabel(node.name))
    if (node.kind !== 'input') return numbered(identifier(node.op, 'operator'))
    const name = identifier(roles.get(at) ?? 'input', 'input')
    if (taken.has(name)) return numbered(name)
    taken.add(name)
    return name
  })
}
