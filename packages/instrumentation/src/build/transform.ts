import { childOf, listOf, nameOf, readFacts, type SourceFacts, type Tree } from '@trace2/source'
import MagicString from 'magic-string'
import {
  type AuthoredFunction,
  describeFunction,
  findFunction,
  type ModuleText,
  ownVariables,
  type Placed,
  type RecordingCall,
  readModule,
  recordingCall,
  sharedBindings,
  unwrapped,
} from '../authored/index.ts'
import { findRecorders, isRecording } from './recorders.ts'

export interface TransformOptions {
  /** Modules that export `bundle` and `run`. */
  readonly modules: ReadonlySet<string>
  /** Whether trainable functions get what they use of their module, where they declare nothing themselves. */
  readonly uses: boolean
}

/**
 * A module with what its author wrote added to each call of `bundle` and `run`, as a hidden member of the options;
 * `undefined` where it has no such call.
 */
export function transformModule(
  code: string,
  file: string,
  options: TransformOptions,
): { readonly code: string; readonly map: ReturnType<MagicString['generateMap']> } | undefined {
  const module = readModule(code)
  if (!module) return undefined
  const recorders = findRecorders(module.syntax, options.modules)
  const text = new MagicString(code)
  for (const call of module.calls) {
    if (isRecording(call.node, recorders)) addAuthored(text, module, call, file, options)
  }
  if (!text.hasChanged()) return undefined
  return { code: text.toString(), map: text.generateMap({ source: file, hires: true }) }
}

function addAuthored(
  text: MagicString,
  module: ModuleText,
  call: Placed,
  file: string,
  options: TransformOptions,
): void {
  const recorded = recordingCall(call.node)
  const fn = recorded && findFunction(module, recorded.passed, [...call.around, call.node])
  if (!recorded || !fn) return
  const trainable = mayBe(recorded.options, 'trainable')
  const { source, itself, ...described } = describeFunction(module, fn, call)
  const wantsUses = trainable && options.uses && mayBe(recorded.options, 'uses', true)
  const facts = wantsUses && source !== undefined ? factsOf(source) : undefined
  const own = new Set(ownVariables(fn))
  // By its own name, changed code calls itself.
  const uses = facts ? sharedBindings(facts.free, fn, call).filter((name) => !own.has(name)) : []
  // An arrow function has the `this` of where it is written, which is where it is recorded if it is written there.
  const isHere = fn.around.includes(call.node)
  if (facts?.usesThis && isHere && fn.node.type === 'ArrowFunctionExpression') uses.push('this')
  const author = {
    ...described,
    file,
    ...(trainable && source !== undefined ? { source, itself } : {}),
  }
  insert(text, module, call.node, recorded, memberText(author, uses))
}

/** Whether an option may be set to something else than `false`, as far as the text says. */
function mayBe(options: Tree | undefined, option: string, unset = false): boolean {
  if (!options) return unset
  const literal = unwrapped(options)
  if (literal.type !== 'ObjectExpression') return true
  const members = listOf(literal, 'properties')
  const member = members.find((each) => nameOf(childOf(each, 'key')) === option)
  if (member) return childOf(member, 'value')?.value !== false
  return unset || members.some(({ type }) => type === 'SpreadElement')
}

function factsOf(source: string): SourceFacts | undefined {
  const facts = readFacts(source)
  return 'fault' in facts ? undefined : facts
}

/** The hidden member. What the function uses is read when it is asked for: it may be declared later, or change. */
function memberText(author: AuthoredFunction, uses: readonly string[]): string {
  const members = Object.entries(author).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  if (uses.length > 0) {
    const getters = uses
      .map((name) => `get ${name}() { return ${name === 'this' ? 'self()' : name} }`)
      .join(', ')
    const object = `{ ${getters} }`
    members.push(`uses: ${uses.includes('this') ? `((self) => (${object}))(() => this)` : object}`)
  }
  return `[Symbol.for("trace2.authored")]: { ${members.join(', ')} }`
}

function insert(
  text: MagicString,
  module: ModuleText,
  call: Tree,
  recorded: RecordingCall,
  member: string,
): void {
  if (!recorded.options) {
    const last = listOf(call, 'arguments').at(-1)
    const between = module.text
      .slice(last?.end, call.end - 1)
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    text.appendLeft(call.end - 1, `${between.includes(',') ? '' : ', '}{ ${member} }`)
    return
  }
  const literal = unwrapped(recorded.options)
  if (literal.type === 'ObjectExpression') {
    text.appendRight(literal.start + 1, ` ${member}, `)
    return
  }
  text.appendRight(recorded.options.start, '{ ...(')
  text.appendLeft(recorded.options.end, `), ${member} }`)
}
