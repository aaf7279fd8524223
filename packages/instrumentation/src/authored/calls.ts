import { childOf, isFunction, listOf, nameOf, type Tree } from '@trace2/source'
import { type ModuleText, type Placed, unwrapped } from './module-text.ts'

/** The arguments of a call that records a function, told apart. */
export interface RecordingCall {
  /** The operator's name, where it is given. */
  readonly name: Tree | undefined
  /** The function as it is passed: itself, or an expression for it. */
  readonly passed: Tree
  readonly options: Tree | undefined
}

/** Tells the arguments of `bundle` and `run` apart; `undefined` where the text does not say which is which. */
export function recordingCall(call: Tree): RecordingCall | undefined {
  const [first, second, third] = listOf(call, 'arguments')
  if (!first || listOf(call, 'arguments').some(({ type }) => type === 'SpreadElement')) {
    return undefined
  }
  if (isText(first)) {
    return second && { name: first, passed: second, options: third }
  }
  if (!second) return { name: undefined, passed: first, options: undefined }
  if (third || isFunction(unwrapped(second))) return { name: first, passed: second, options: third }
  const isOptions = unwrapped(second).type === 'ObjectExpression' || isFunction(unwrapped(first))
  return isOptions ? { name: undefined, passed: first, options: second } : undefined
}

function isText({ type, ...node }: Tree): boolean {
  return (
    type === 'TemplateLiteral' ||
    (type === 'Literal' && typeof Reflect.get(node, 'value') === 'string')
  )
}

/** The function that an expression in a module stands for, where the module's text has it. */
export function findFunction(
  module: ModuleText,
  passed: Tree,
  around: readonly Tree[],
): Placed | undefined {
  const expression = unwrapped(passed)
  if (isFunction(expression)) return { node: expression, around }
  if (expression.type === 'MemberExpression' && expression.computed === false) {
    const found = module.members.get(nameOf(childOf(expression, 'property')) ?? '')
    return found?.length === 1 ? found[0] : undefined
  }
  // Of several with the name, the one declared closest around the call.
  const seen = new Set(around)
  return (module.functions.get(nameOf(expression) ?? '') ?? [])
    .filter((each) => scopesOf(each).every((scope) => seen.has(scope)))
    .toSorted((a, b) => b.around.length - a.around.length)[0]
}

/** The blocks and functions in which a function's name is known. */
function scopesOf({ around }: Placed): readonly Tree[] {
  return around.filter((node) => node.type === 'BlockStatement' || isFunction(node))
}
