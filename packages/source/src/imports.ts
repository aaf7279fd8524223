import { readFacts } from './facts.ts'
import { childOf, childrenOf, isTree, listOf, type Tree } from './walk.ts'

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
  const replace = (start: number, end: number, at: number, text: string, before = ''): void => {
    hidden ||= references.get(at)?.hides(text) === true
    places.push({ start: start - offset, end: end - offset, text: before + text })
  }
  const visit = (each: Tree): void => {
    const imported = importedCallee(each)
    const member = imported ?? each
    const object = member.computed === true ? undefined : childOf(member, 'object')
    const isMember = object?.type === 'Identifier' && references.has(object.start)
    const name = isMember ? memberName(member, object, names, imported !== undefined) : undefined
    const value = each.shorthand === true ? childOf(each, 'value') : each
    const isName = value?.type === 'Identifier' && references.has(value.start)
    const written = isName ? names.written.get(String(value.name)) : undefined
    if (object && name !== undefined) {
      // A callee goes with the brackets around it.
      const start = imported ? facts.parsed.text.lastIndexOf('(', each.start - 1) : each.start
      const end = imported ? facts.parsed.text.indexOf(')', each.end) + 1 : each.end
      replace(start, end, object.start, name)
    } else if (written !== undefined) {
      replace(each.start, each.end, each.start, written, value === each ? '' : `${value?.name}: `)
    } else childrenOf(each).forEach(visit)
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
  if (known !== undefined || declared.has(namespace)) return known
  // What a module exports is its own, so that a name which is not declared is better told by it.
  if (namespace === 'exports') return name
  return declared.has(name) && (isCalled || madeNamespace.test(namespace)) ? name : undefined
}

/** The `a.b` of `0, a.b`, as builds write it in brackets for a callee without `this`. */
function importedCallee(node: Tree): Tree | undefined {
  if (node.type !== 'SequenceExpression') return undefined
  const [zero, member, ...more] = listOf(node, 'expressions')
  if (zero?.value !== 0 || more.length > 0) return undefined
  return member?.type === 'MemberExpression' ? member : undefined
}

function replaced(source: string, places: readonly Place[]): string {
  let text = source
  for (const { start, end, text: name } of places.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + name + text.slice(end)
  }
  return text
}
