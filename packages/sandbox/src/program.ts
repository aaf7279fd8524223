import type { CodeContract } from '@trace2/source'
import { readFacts, runtimeNames } from '@trace2/source'
import { helperDeclarations } from './compiler-helpers.ts'

/** Source text with everything that it needs, ready to be evaluated in a sandbox. */
export interface Program {
  /** The source of the function alone. */
  readonly source: string
  /** Text of a function that takes what is given as values and makes the function. */
  readonly text: string
  /** Lines of the text before the source. */
  readonly lineOffset: number
  /** Names of the values that it takes, in order. */
  readonly takes: readonly string[]
  readonly members: ReadonlySet<string>
  readonly usesThis: boolean
  readonly isAsync: boolean
  readonly shared: SharedObjects
}

/** Functions and classes that both sides have under one name. */
export interface SharedObjects {
  readonly names: ReadonlyMap<object, string>
  readonly objects: ReadonlyMap<string, object>
}

/** The engine has microtasks, but no name for them. */
const microtasks = 'const queueMicrotask = (task) => { Promise.resolve().then(() => task()); };'

/**
 * A timer gets a function that nothing else has, so that it is known when nobody can call it any more. The program's
 * own timers, where they are declared, are called as they are.
 */
function timersOf(takes: ReadonlySet<string>, declared: ReadonlySet<string>): string {
  const used = ['setTimeout', 'setInterval'].filter(
    (name) => takes.has(name) && !declared.has(name),
  )
  return used.map((name) => `${name} = ${ownTask}(${name});`).join(' ')
}

const ownTask =
  "((begin) => (task, ...rest) => begin(typeof task === 'function' ? (...args) => { task(...args); } : task, ...rest))"

/** Puts the source of a function together with what its contract gives it. */
export function assemble(
  source: string,
  contract: CodeContract,
): Program | { readonly fault: string } {
  const facts = readFacts(source)
  if ('fault' in facts) return facts
  const { node, expression } = facts.parsed
  if (node.type === 'ClassExpression') return { fault: 'it is not one function' }
  const takes = new Set(contract.values.keys())
  const free = [...facts.free, ...contract.carried.flatMap(({ free }) => [...free])]
  for (const name of free) {
    if (runtimeNames.has(name) && name !== 'queueMicrotask' && !contract.names.has(name))
      takes.add(name)
  }
  const helpers = contract.carried.map(
    (helper) => `const ${helper.name} = (${helper.expression}\n);`,
  )
  const own = contract.ownNames.map((name) => `const ${name} = trace2Main;`)
  const before = [
    `(function (${[...takes].join(', ')}) {`,
    ...(contract.strict ? ['"use strict";'] : []),
    helperDeclarations(free.filter((name) => !contract.names.has(name))),
    ...(free.includes('queueMicrotask') && !contract.names.has('queueMicrotask')
      ? [microtasks]
      : []),
    timersOf(takes, contract.names),
    ...helpers,
    'const trace2Main = (',
  ].join(' ')
  const shared = contract.carried.map(({ name }) => name).join(', ')
  const after = `\n); ${own.join(' ')} return { main: trace2Main, shared: { __proto__: null, ${shared} } } })`
  return {
    source,
    text: before + expression + after,
    lineOffset: before.split('\n').length - 1,
    takes: [...takes],
    members: contract.members,
    usesThis: facts.usesThis || contract.usesThis,
    isAsync: node.async === true && node.generator !== true,
    shared: sharedObjects(contract),
  }
}

function sharedObjects({ carried }: CodeContract): SharedObjects {
  const names = new Map<object, string>()
  const objects = new Map<string, object>()
  for (const { name, fn } of carried) {
    names.set(fn, name)
    objects.set(name, fn)
    const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value
    if (typeof prototype !== 'object' || prototype === null) continue
    objects.set(`${name}.prototype`, prototype)
    names.set(prototype, `${name}.prototype`)
  }
  return { names, objects }
}
