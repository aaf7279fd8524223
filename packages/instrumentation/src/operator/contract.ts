import {
  type CarriedSource,
  type CodeContract,
  findNeed,
  findSyntaxFault,
  isCompilerHelper,
  isSafeName,
  readFacts,
  type SourceFacts,
} from '@trace2/source'
import type { WrittenSource } from '../authored/index.ts'
import { raise } from '../errors.ts'
import { t } from '../template.ts'
import type { AnyFunction, CodeUses } from './options.ts'
import { sourceText } from './source-text.ts'
import { findStuck } from './stuck.ts'

export type { CodeUses } from './options.ts'

/**
 * What the source of a function needs, checked against what it is given.
 *
 * @throws {Trace2Error} `T2_CODE_NAMES` for names that are not given, `T2_CODE_SOURCE` for source that means something
 * only where it was written, `T2_CODE_VALUE` for what is given and cannot cross.
 */
export function readContract(
  operator: string,
  fn: AnyFunction,
  { text: source, itself, doubtful, sharesNames }: WrittenSource,
  uses: CodeUses,
  record: (name: string, fn: AnyFunction) => AnyFunction,
): CodeContract {
  const facts = readFacts(source)
  if ('fault' in facts) {
    throw raise('T2_CODE_SOURCE', `The source of ${operator} cannot be used: ${facts.fault}.`)
  }
  const { type } = facts.parsed.node
  if (type === 'ClassExpression') {
    throw raise(
      'T2_CODE_SOURCE',
      `${operator} is a class, and a call of it is no call of a function.`,
    )
  }
  const strict = isStrict(fn)
  const syntaxFault = findSyntaxFault(facts.parsed.expression, strict)
  if (syntaxFault !== undefined) {
    throw raise('T2_CODE_SOURCE', `The function ${operator} cannot be trainable: ${syntaxFault}.`)
  }
  const stuck = findStuck(uses)
  if (stuck !== undefined) {
    throw raise('T2_CODE_VALUE', `The function ${operator} cannot be trainable: ${stuck}.`)
  }
  const names = new Set(Object.keys(uses).filter((name) => name !== 'this'))
  const ownNames = [...new Set([operator, fn.name, ...(itself ?? [])])].filter(
    (name) => isName(name) && !names.has(name),
  )
  const hasSelf = 'this' in uses
  const allowed = new Set([...Object.keys(uses), ...ownNames])
  const own = new Set([...Object.keys(uses), ...(itself ?? [])])
  const need = findNeed(facts, new Set([...own].filter((name) => !doubtful.has(name))))
  if (need) {
    const code = need.kind === 'names' ? 'T2_CODE_NAMES' : 'T2_CODE_SOURCE'
    throw raise(code, `The function ${operator} cannot be trainable: ${need.text}.`)
  }
  // What is used may be declared below the function: it is looked at when changed source needs it.
  let looked: readonly CarriedSource[] | undefined
  const carried = () => (looked ??= carriedSources(uses, names, strict, sharesNames))
  const values = () => {
    const asSource = new Set(carried().map(({ name }) => name))
    const given = [...names].filter((name) => !asSource.has(name))
    return new Map(given.map((name) => [name, uses[name]]))
  }
  let recorded: CodeContract['recorded'] | undefined
  const contract: CodeContract = {
    allowed,
    names,
    get values() {
      return values()
    },
    get carried() {
      return carried()
    },
    ownNames,
    get members() {
      return new Set([...facts.members, ...carried().flatMap(({ members }) => [...members])])
    },
    get self() {
      return hasSelf ? { value: uses.this } : undefined
    },
    usesThis: facts.usesThis,
    strict,
    get recorded() {
      recorded ??= recordedFunctions(values(), record)
      return recorded
    },
  }
  const fault = findParentFault(facts, contract)
  if (fault !== undefined) {
    throw raise('T2_CODE_SOURCE', `The function ${operator} cannot be trainable: ${fault}.`)
  }
  return contract
}

/** Says which class the source extends that stays in the program: changed code can use such a class, but not extend it. */
export function findParentFault(
  { extended }: SourceFacts,
  contract: CodeContract,
): string | undefined {
  const parents = [...extended].filter((name) => contract.names.has(name))
  // Only then is looked at what was given: it may be declared further below.
  const parent = parents.find((name) => contract.values.has(name))
  if (parent === undefined) return undefined
  return `it extends ${parent}, which stays in the program, as a class with private members does`
}

/** A bundle records itself, and a class is no operator. */
function recordedFunctions(
  values: ReadonlyMap<string, unknown>,
  record: (name: string, fn: AnyFunction) => AnyFunction,
): CodeContract['recorded'] {
  const recorded = new Map<unknown, (...args: readonly unknown[]) => unknown>()
  for (const [name, value] of values) {
    if (typeof value !== 'function' || isBundle(value) || isClass(value) || value === t) continue
    // It is called with what the code passes, whatever it is declared to take.
    recorded.set(
      value,
      record(name, value as AnyFunction) as (...args: readonly unknown[]) => unknown,
    )
  }
  return recorded
}

function isClass(fn: object): boolean {
  return Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false
}

/** Helpers that need nothing but the language and what is declared go along as source. */
function carriedSources(
  uses: CodeUses,
  names: ReadonlySet<string>,
  strict: boolean,
  sharesNames: WrittenSource['sharesNames'],
): readonly CarriedSource[] {
  const found = new Map<string, CarriedSource>()
  for (const [name, value] of Object.entries(uses)) {
    const helper =
      typeof value === 'function' ? helperOf(name, value as AnyFunction, strict) : undefined
    if (helper) found.set(name, helper)
  }
  for (const [name, { fn, free }] of found) {
    const used = [...free].filter((each) => !isSafeName(each) && !isCompilerHelper(each))
    if (!used.every((each) => names.has(each)) || !sharesNames(fn, used)) found.delete(name)
  }
  return inOrder(withParents(found, names))
}

function helperOf(name: string, fn: AnyFunction, strict: boolean): CarriedSource | undefined {
  // What the runtime itself has knows the runtime's own state, whatever its source says.
  if (isBundle(fn) || Reflect.get(globalThis, fn.name) === fn) return undefined
  const facts = readFacts(sourceText(fn))
  if ('fault' in facts || facts.rooted.size > 0 || facts.assigned.size > 0) return undefined
  // Only the class itself can look into its instances, and those that it is asked about may be of the program.
  if (facts.declaresPrivate) return undefined
  const { node, expression } = facts.parsed
  const isFunction = node.type !== 'ClassExpression'
  if (isFunction && (node.async || node.generator)) return undefined
  if (node.type === 'ArrowFunctionExpression' && facts.usesThis) return undefined
  if (findSyntaxFault(expression, strict) !== undefined) return undefined
  const { free, members, extended } = facts
  return { name, fn, expression, free, members, extended }
}

/** Without the classes whose parent stays in the program. */
function withParents(
  found: Map<string, CarriedSource>,
  names: ReadonlySet<string>,
): readonly CarriedSource[] {
  const stays = (name: string) => names.has(name) && !found.has(name)
  for (;;) {
    const orphan = [...found.values()].find(({ extended }) => [...extended].some(stays))
    if (!orphan) return [...found.values()]
    found.delete(orphan.name)
  }
}

/** Each helper after those that it uses, because a class needs the one that it extends when it is made. */
function inOrder(helpers: readonly CarriedSource[]): readonly CarriedSource[] {
  const ordered = new Set<CarriedSource>()
  const visiting = new Set<CarriedSource>()
  const visit = (helper: CarriedSource): void => {
    if (visiting.has(helper)) return
    visiting.add(helper)
    for (const other of helpers) if (helper.free.has(other.name)) visit(other)
    ordered.add(helper)
  }
  for (const helper of helpers) visit(helper)
  return [...ordered]
}

/** Whether a function is recorded already when it is called. */
export function isBundle(fn: unknown): boolean {
  return typeof fn === 'function' && 'operator' in fn && 'parameters' in fn
}

function isName(text: string): boolean {
  return (
    /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text) && !('fault' in readFacts(`(${text}) => 0`))
  )
}

/** Functions of sloppy code have own properties that those of strict code do not. */
function isStrict(fn: AnyFunction): boolean {
  return !Object.hasOwn(fn, 'caller')
}
