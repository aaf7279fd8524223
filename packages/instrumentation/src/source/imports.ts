import { readFacts } from './facts.ts'
import { childOf, childrenOf, isTree, type Tree } from './walk.ts'

interface Place {
  readonly start: number
  readonly end: number
  readonly name: string
  /** Whether the namespace has a name that builds make up. */
  readonly made: boolean
}

/**
 * Source as its author wrote it, where a build turned imported names into members of a namespace:
 * `(0, crypto_1.createHash)(x)` is `createHash(x)` again, for names that are declared.
 */
export function withPlainImports(source: string, declared: ReadonlySet<string>): string {
  const facts = readFacts(source)
  if ('fault' in facts) return source
  const suspects = new Set([...facts.free].filter((name) => !declared.has(name)))
  if (suspects.size === 0) return source
  const { node, offset } = facts.parsed
  const places: Place[] = []
  collect(isTree(node) ? node : undefined, suspects, declared, places)
  return places
    .filter(({ made, start }) => made || isCall(source, start - offset))
    .sort((a, b) => b.start - a.start)
    .reduce((text, place) => replaced(text, place, offset), source)
}

/** `(0, a.b)(…)` is written by builds only. */
function isCall(source: string, start: number): boolean {
  return /\(0,\s*$/.test(source.slice(0, start))
}

function replaced(text: string, { start, end, name }: Place, offset: number): string {
  const before = text.slice(0, start - offset)
  const after = text.slice(end - offset)
  const opening = /\(0,\s*$/.exec(before)
  return opening && after.startsWith(')')
    ? before.slice(0, opening.index) + name + after.slice(1)
    : before + name + after
}

function collect(
  node: Tree | undefined,
  suspects: ReadonlySet<string>,
  declared: ReadonlySet<string>,
  places: Place[],
): void {
  if (!node) return
  const object = childOf(node, 'object')
  const property = childOf(node, 'property')
  if (
    node.type === 'MemberExpression' &&
    node.computed !== true &&
    object?.type === 'Identifier' &&
    suspects.has(String(object.name)) &&
    declared.has(String(property?.name))
  ) {
    const made = /^__vite_ssr_import_\d+__$|^[\w$]+_\d+$|^import_[\w$]+$/.test(String(object.name))
    places.push({ start: node.start, end: node.end, name: String(property?.name), made })
    return
  }
  for (const child of childrenOf(node)) collect(child, suspects, declared, places)
}
