import { readFacts } from './facts.ts'
import { childOf, childrenOf, isTree, type Tree } from './walk.ts'

/** What is known of the names in built source. */
export interface BuiltNames {
  /** Names that are declared for the function. */
  readonly declared: ReadonlySet<string>
  /** What built expressions, `r` or `t.limit`, are called where the author wrote them. */
  readonly written: ReadonlyMap<string, string>
}

interface Place {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Source with the names that its author wrote, where a build gave others, or turned imported names into members of a
 * namespace: `(0, crypto_1.createHash)(x)` is `createHash(x)` again. `undefined` where a name would mean what the
 * function itself declares.
 */
export function withWrittenNames(source: string, names: BuiltNames): string | undefined {
  const facts = readFacts(source)
  if ('fault' in facts || facts.references.length === 0) return source
  const { node, key, offset } = facts.parsed
  const references = new Map(facts.references.map((each) => [each.start, each]))
  const places: Place[] = []
  let hidden = false
  const replace = ({ start, end }: Tree, at: number, name: string, before = ''): void => {
    hidden ||= references.get(at)?.hides(name) === true
    places.push({ start: start - offset, end: end - offset, text: before + name })
  }
  const visit = (each: Tree): void => {
    const object = each.computed === true ? undefined : childOf(each, 'object')
    const member =
      object && references.has(object.start)
        ? memberName(each, object, names, isCallee(source, each.start - offset))
        : undefined
    const value = each.shorthand === true ? childOf(each, 'value') : each
    const isName = value?.type === 'Identifier' && references.has(value.start)
    const written = isName ? names.written.get(String(value.name)) : undefined
    if (object && member !== undefined) replace(each, object.start, member)
    else if (written === undefined) childrenOf(each).forEach(visit)
    else replace(each, each.start, written, value === each ? '' : `${value?.name}: `)
  }
  for (const each of [node, key]) if (isTree(each)) visit(each)
  return hidden ? undefined : replaced(source, places)
}

const madeNamespace = /^exports$|^__vite_ssr_import_\d+__$|^[\w$]+_\d+$|^import_[\w$]+$/

/** What a member of a namespace that a build made is called where it was imported. */
function memberName(
  member: Tree,
  object: Tree,
  { declared, written }: BuiltNames,
  isCalled: boolean,
): string | undefined {
  const namespace = String(object.name)
  const name = String(childOf(member, 'property')?.name)
  const known = written.get(`${namespace}.${name}`)
  if (known !== undefined || object.type !== 'Identifier' || declared.has(namespace)) return known
  // What a module exports is its own, so that a name which is not declared is better told by it.
  if (namespace === 'exports') return name
  return declared.has(name) && (isCalled || madeNamespace.test(namespace)) ? name : undefined
}

/** `(0, a.b)(…)` is written by builds only. */
function isCallee(source: string, start: number): boolean {
  return /\(0,\s*$/.test(source.slice(Math.max(0, start - 20), start))
}

function replaced(source: string, places: readonly Place[]): string {
  let text = source
  for (const { start, end, text: name } of places.toSorted((a, b) => b.start - a.start)) {
    const before = text.slice(0, start)
    const after = text.slice(end)
    const opening = /\(0,\s*$/.exec(before.slice(-20))
    text =
      opening && after.startsWith(')')
        ? before.slice(0, before.length - opening[0].length) + name + after.slice(1)
        : before + name + after
  }
  return text
}
