import { shared } from '@trace2/core'

/** What is kept of an operator: its source, when somebody asks, and not the operator. */
interface Sourced {
  readonly name: string
  readonly sourceHash: string
}

interface Known {
  readonly hashes: Set<string>
  /** Operators that were not called yet. */
  operators: readonly WeakRef<Sourced>[]
}

/** By name. Programs that make names up as they go would fill it. */
const known = shared('operator.known', () => new Map<string, Known>())
const mostNames = 10_000
const mostOfName = 8

function knownOf(name: string): Known | undefined {
  const found = known.get(name)
  if (found || known.size >= mostNames) return found
  const made: Known = { hashes: new Set(), operators: [] }
  known.set(name, made)
  return made
}

/** Notes that there is an operator of this name in the process. */
export function noteOperator(operator: Sourced): void {
  const of = knownOf(operator.name)
  if (!of || of.operators.length + of.hashes.size >= mostOfName) return
  of.operators = [...of.operators, new WeakRef(operator)]
}

/** Notes the source of an operator that is called. */
export function noteSource(name: string, hash: string): void {
  const of = knownOf(name)
  if (!of) return
  of.operators = []
  if (of.hashes.size < mostOfName) of.hashes.add(hash)
}

/** Hashes of the sources that operators of this name have in this process; `undefined` where there is none of the name. */
export function sourcesOf(name: string): ReadonlySet<string> | undefined {
  const of = known.get(name)
  if (!of) return undefined
  for (const reference of of.operators) {
    const hash = reference.deref()?.sourceHash
    if (hash !== undefined) of.hashes.add(hash)
  }
  of.operators = []
  return of.hashes.size > 0 ? of.hashes : undefined
}
