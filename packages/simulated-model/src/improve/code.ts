import type { Node } from 'acorn'
import { parseDemand } from '../follow/demand.ts'
import { applyEdits, childOf, type Edit, parseFunction, walk } from './code-source.ts'
import type { RequestedChange } from './requested-change.ts'

/**
 * Rewrites a function for the feedback on it, keeping its name and signature: guards the property access that an
 * exception names, shortens or formalizes string literals, puts demanded text around what is returned. A result
 * that would not parse is dropped.
 */
export function improveCode(source: string, changes: readonly RequestedChange[]): string {
  const styles = new Set(changes.flatMap((change) => [...change.styles]))
  const steps: ((source: string, tree: Node) => string)[] = []
  for (const property of new Set(changes.flatMap(({ remark }) => unreadable(remark.words)))) {
    steps.push((text, tree) => guard(text, tree, property))
  }
  if (styles.has('concise')) steps.push(shorten)
  if (styles.has('professional')) steps.push(formalize)
  for (const { start, end } of changes.map(edges)) {
    if (start !== undefined) steps.push((text, tree) => surround(text, tree, start, ''))
    if (end !== undefined) steps.push((text, tree) => surround(text, tree, '', end))
  }
  return steps.reduce((text, step) => {
    const tree = parseFunction(text)
    const changed = tree ? step(text, tree) : text
    return parseFunction(changed) ? changed : text
  }, source)
}

/** Properties that an exception's message, as V8 or QuickJS word it, says could not be read of nothing. */
function unreadable(words: string): string[] {
  const pattern =
    /cannot read propert(?:y|ies) (?:of (?:undefined|null) \(reading ['"]([\w$]+)['"]\)|['"]([\w$]+)['"] of (?:undefined|null))/gi
  return Array.from(words.matchAll(pattern), ([, first, second = '']) => first ?? second)
}

function edges({ demands }: RequestedChange) {
  const parsed = demands.map(parseDemand)
  const text = (kind: 'start' | 'end') =>
    parsed.flatMap((demand) => (demand?.kind === kind ? [demand.text] : []))[0]
  return { start: text('start'), end: text('end') }
}

/** `a.b.c()` → `(a?.b.c() ?? '')` where `b` could not be read. */
function guard(source: string, tree: Node, property: string): string {
  const isAccess = (node: Node) => {
    const name = node.type === 'MemberExpression' ? childOf(node, 'property') : undefined
    return (
      name !== undefined && Reflect.get(name, 'name') === property && !Reflect.get(node, 'optional')
    )
  }
  const edits = Array.from(walk(tree)).flatMap((chain) => {
    const access = isChain(chain) ? links(chain).find(isAccess) : undefined
    const object = access && childOf(access, 'object')
    if (!object) return []
    const text = `${source.slice(chain.start, object.end)}?${source.slice(object.end, chain.end)}`
    const defaulted = /^\s*\?\?/.test(source.slice(chain.end))
    return [{ start: chain.start, end: chain.end, text: defaulted ? text : `(${text} ?? '')` }]
  })
  return applyEdits(source, edits)
}

function isChain(node: Node): boolean {
  return node.type === 'MemberExpression' || node.type === 'CallExpression'
}

/** The members and calls that a chain such as `a.b().c` consists of, outermost first. */
function links(chain: Node): Node[] {
  const inner = childOf(chain, 'object') ?? childOf(chain, 'callee')
  return inner && isChain(inner) ? [chain, ...links(inner)] : [chain]
}

const wordy = /\b(?:please|just|really|very|basically|actually|simply|kindly|in order)\s+/gi

/** Drops filler words from literals, and literals that only label what follows (`'Result: ' + x`). */
function shorten(source: string, tree: Node): string {
  const edits: Edit[] = []
  for (const node of walk(tree)) {
    const left = node.type === 'BinaryExpression' ? childOf(node, 'left') : undefined
    const right = childOf(node, 'right')
    if (left && right && Reflect.get(node, 'operator') === '+' && isLabel(stringOf(left))) {
      edits.push({ start: node.start, end: node.end, text: source.slice(right.start, right.end) })
    }
    if (node.type === 'TemplateElement' && isLabel(source.slice(node.start, node.end))) {
      edits.push({ start: node.start, end: node.end, text: '' })
    }
    const text = stringOf(node)
    const shorter = text?.replace(wordy, '')
    if (text !== undefined && shorter !== undefined && shorter !== text) {
      edits.push({ start: node.start, end: node.end, text: literal(shorter) })
    }
  }
  return applyEdits(source, edits)
}

function isLabel(text: string | undefined): boolean {
  return text !== undefined && /^\s*[\p{L}\d _-]+:\s*$/u.test(text)
}

const formal: readonly (readonly [RegExp, string])[] = [
  [/\b(?:hey|hi|yo)\b/gi, 'Hello'],
  [/\bthanks\b/gi, 'Thank you'],
  [/\bok(?:ay)?\b/gi, 'Confirmed'],
  [/\bcan't\b/gi, 'cannot'],
  [/\bwon't\b/gi, 'will not'],
  [/\bguys\b/gi, 'everyone'],
  [/!+/g, '.'],
]

/** Formal words in literals, and a returned text that begins with a capital and ends with a full stop. */
function formalize(source: string, tree: Node): string {
  const edits: Edit[] = []
  for (const node of walk(tree)) {
    const text = stringOf(node)
    const better = text && formal.reduce((words, [from, to]) => words.replace(from, to), text)
    if (better !== undefined && better !== text) {
      edits.push({ start: node.start, end: node.end, text: literal(better) })
    }
  }
  const plain = applyEdits(source, edits)
  const again = parseFunction(plain)
  if (!again || plain.includes('.toUpperCase()')) return plain
  const returned = returnedText(again)
  return applyEdits(
    plain,
    returned.map(({ start, end }) => ({
      start,
      end,
      text: `(${plain.slice(start, end)}).trim().replace(/^./, (first) => first.toUpperCase()).replace(/[.!]*$/, '.')`,
    })),
  )
}

function surround(source: string, tree: Node, before: string, after: string): string {
  const edits = returnedText(tree).map(({ start, end }) => {
    const expression = source.slice(start, end)
    const parts = [before && literal(before), `(${expression})`, after && literal(after)]
    return { start, end, text: parts.filter(Boolean).join(' + ') }
  })
  const done =
    edits.some(({ text }) => source.includes(text)) || source.includes(literal(before || after))
  return done ? source : applyEdits(source, edits)
}

/** What the function itself returns (not the functions in it), where that is not evidently something else than text. */
function returnedText(tree: Node): Node[] {
  const body = childOf(tree, 'body')
  if (!body) return []
  if (body.type !== 'BlockStatement') return isText(body) ? [body] : []
  const nested = Array.from(walk(body)).filter(({ type }) => /Function/.test(type))
  return Array.from(walk(body)).flatMap((node) => {
    const inner = nested.some(({ start, end }) => node.start >= start && node.end <= end)
    const value = node.type === 'ReturnStatement' && !inner ? childOf(node, 'argument') : undefined
    return value && isText(value) ? [value] : []
  })
}

function isText({ type }: Node): boolean {
  return !/^(?:ObjectExpression|ArrayExpression|ArrowFunctionExpression|FunctionExpression)$/.test(
    type,
  )
}

function stringOf(node: Node): string | undefined {
  const value: unknown = node.type === 'Literal' ? Reflect.get(node, 'value') : undefined
  return typeof value === 'string' ? value : undefined
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
}
