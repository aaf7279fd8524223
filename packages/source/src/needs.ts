import { readFacts, type SourceFacts } from './facts.ts'
import { isCompilerHelper } from './helper-names.ts'
import { isSafeName } from './names.ts'

/** What keeps the source of a function from running anywhere else than where it was written. */
export interface Need {
  /** `names` where declaring something would help, `place` where nothing does. */
  readonly kind: 'names' | 'place'
  readonly text: string
}

/** Says what a function needs that it is not given; `allowed` may have `this`, for an arrow function. */
export function findNeed(facts: SourceFacts, allowed: ReadonlySet<string>): Need | undefined {
  const [rooted] = facts.rooted
  if (rooted !== undefined) {
    return {
      kind: 'place',
      text: `it uses ${rooted}, which means something only where it was written`,
    }
  }
  const [assigned] = facts.assigned
  if (assigned !== undefined) {
    return { kind: 'names', text: `it assigns to ${assigned}, a variable outside of it` }
  }
  const isArrow = facts.parsed.node.type === 'ArrowFunctionExpression'
  const missing = [...facts.free].filter(
    (name) => !allowed.has(name) && !isSafeName(name) && !isCompilerHelper(name),
  )
  if (isArrow && facts.usesThis && !allowed.has('this')) missing.push('this')
  if (missing.length === 0) return undefined
  const verb = missing.length === 1 ? 'is' : 'are'
  return { kind: 'names', text: `it uses ${missing.join(', ')}, which ${verb} not declared` }
}

/** Says what new source uses that it may not, in words that a model can act on; `undefined` where nothing is wrong. */
export function findNamesFault(source: string, allowed: ReadonlySet<string>): string | undefined {
  const facts = readFacts(source)
  if ('fault' in facts) return facts.fault
  const need = findNeed(facts, allowed)
  if (!need || need.kind === 'place') return need?.text
  const known = [...allowed].join(', ')
  return `${need.text}; beside its arguments and the language it may use ${known || 'nothing'}`
}
