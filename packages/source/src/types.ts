import { functionSyntax, methodClose, methodOpen, visit } from './syntax.ts'
import { childOf, childrenOf, listOf, type Tree } from './walk.ts'

/**
 * The source of a function without its types: each type becomes blanks, so that lines and columns stay. A text that
 * is JavaScript already is returned as it is. Enums, namespaces and parameter properties are more than types, and
 * are refused, as Node's own type stripping does.
 */
export function withoutTypes(source: string): { readonly source: string } | TypesFault {
  const syntax = functionSyntax(source)
  if ('fault' in syntax) return { ...syntax, isTypeScript: false }
  if (!syntax.typed) return { source }
  const blanked = blankTypes(syntax.text, syntax.method ?? syntax.root)
  if (typeof blanked !== 'string') return { ...blanked, isTypeScript: true }
  // A method was parsed within the brackets of an object.
  const plain = syntax.method ? blanked.slice(methodOpen.length, -methodClose.length) : blanked
  const check = functionSyntax(plain)
  if ('fault' in check || check.typed) {
    return { fault: 'its types cannot be told from its code', isTypeScript: true }
  }
  return { source: plain }
}

/** Why types cannot be left out of a text. */
interface TypesFault {
  readonly fault: string
  /** Whether the text is that of a function, in TypeScript. */
  readonly isTypeScript: boolean
}

/** A text with blanks in place of what only TypeScript reads, or what cannot be left out. */
export function blankTypes(text: string, root: Tree): string | { readonly fault: string } {
  const blanks: Blank[] = []
  let fault: string | undefined
  visit(root, (node, around) => {
    fault ??= refusals[node.type]
    const found = blanksOf(node, around.at(-1), text)
    blanks.push(...found.blanks)
    return !found.whole
  })
  return fault === undefined ? blanked(text, blanks) : { fault }
}

const refusals: Readonly<Record<string, string>> = {
  TSEnumDeclaration: 'it declares an enum, which is more than a type',
  TSModuleDeclaration: 'it declares a namespace, which is more than a type',
  TSParameterProperty: 'it has a parameter property, which is more than a type',
  TSImportEqualsDeclaration: 'it has an import assignment, which is more than a type',
  TSExportAssignment: 'it has an export assignment, which is more than a type',
}

interface Blank {
  readonly start: number
  readonly end: number
  /** A statement that goes leaves its end: without it, what is before and after would grow together. */
  readonly as?: ';'
  /** No line may end here: before the arrow of a function. */
  readonly oneLine?: boolean
}

interface Found {
  readonly blanks: readonly Blank[]
  /** Whether nothing of the node stays. */
  readonly whole: boolean
}

const nothing: Found = { blanks: [], whole: false }

const statements = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'TSDeclareMethod',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSIndexSignature',
])

function blanksOf(node: Tree, parent: Tree | undefined, text: string): Found {
  if (statements.has(node.type) || isDeclaredOnly(node)) {
    return { blanks: [{ start: node.start, end: node.end, as: ';' }], whole: true }
  }
  const within = wrappers[node.type]?.(node, text)
  if (within) return { blanks: within, whole: false }
  if (node.type.startsWith('TS')) {
    const oneLine = parent?.type === 'ArrowFunctionExpression'
    return { blanks: [{ start: node.start, end: node.end, oneLine }], whole: true }
  }
  const blanks = [...marksOf(node, text), ...thisArgument(node, text)]
  return blanks.length > 0 ? { blanks, whole: false } : nothing
}

/** An overload, an abstract method or a declared field: nothing of it runs. */
function isDeclaredOnly(node: Tree): boolean {
  if (node.declare === true) return true
  if (node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') {
    if (node.abstract === true) return true
    const method = childOf(node, 'value')
    return node.type === 'MethodDefinition' && method !== undefined && !childOf(method, 'body')
  }
  return false
}

/** What is around an expression that stays. */
const wrappers: Readonly<Record<string, (node: Tree, text: string) => readonly Blank[]>> = {
  TSAsExpression: (node, text) => [afterExpression(node, text, /\bas\b/g)],
  TSSatisfiesExpression: (node, text) => [afterExpression(node, text, /\bsatisfies\b/g)],
  TSNonNullExpression: (node) => [{ start: node.end - 1, end: node.end }],
  TSTypeAssertion: (node, text) => {
    const type = childOf(node, 'typeAnnotation')
    const end = text.indexOf('>', type?.end ?? node.start) + 1
    return [{ start: node.start, end }]
  },
  TSInstantiationExpression: (node) => {
    const expression = childOf(node, 'expression')
    return [{ start: expression?.end ?? node.start, end: node.end }]
  },
  TSParameterProperty: () => [],
}

/** ` as T` and ` satisfies T`, from the keyword on: brackets may close before it. */
function afterExpression(node: Tree, text: string, keyword: RegExp): Blank {
  const from = childOf(node, 'expression')?.end ?? node.start
  const to = childOf(node, 'typeAnnotation')?.start ?? node.end
  const last = [...text.slice(from, to).matchAll(keyword)].at(-1)
  // The type ended a statement that what follows would otherwise go on with.
  const goesOn = /^[^\S\n]*\n\s*[([`+\-/]/.test(text.slice(node.end))
  return { start: from + (last?.index ?? 0), end: node.end, ...(goesOn ? { as: ';' } : {}) }
}

/** Words and signs beside a name: `?`, `!`, `readonly`, `private`, `implements A`. */
function marksOf(node: Tree, text: string): Blank[] {
  const blanks: Blank[] = []
  if (node.optional === true && !node.type.endsWith('Expression')) {
    blanks.push(...signAfter(nameEnd(node), node.end, '?', text))
  }
  if (node.definite === true) {
    blanks.push(...signAfter(nameEnd(childOf(node, 'id') ?? node), node.end, '!', text))
  }
  if (/^(?:Method|Property|Accessor)/.test(node.type)) {
    const key = childOf(node, 'key')
    const before = text.slice(node.start, key?.start ?? node.start)
    for (const { 0: word, index } of before.matchAll(
      /\b(?:public|private|protected|readonly|override)\b/g,
    )) {
      blanks.push({ start: node.start + index, end: node.start + index + word.length })
    }
  }
  if (/^Class/.test(node.type)) blanks.push(...classMarks(node, text))
  return blanks
}

function classMarks(node: Tree, text: string): Blank[] {
  const blanks: Blank[] = []
  const body = childOf(node, 'body')
  const last = listOf(node, 'implements').at(-1)
  if (last && body) {
    const head = text.slice(node.start, last.end)
    blanks.push({ start: node.start + head.lastIndexOf('implements'), end: body.start })
  }
  if (node.abstract === true) {
    const start = text.indexOf('abstract', node.start)
    blanks.push({ start, end: start + 'abstract'.length })
  }
  return blanks
}

function nameEnd(node: Tree): number {
  const name = childOf(node, 'key') ?? childOf(node, 'id')
  if (name) return name.end
  const written = node.name
  if (typeof written === 'string') return node.start + written.length
  // A pattern ends where its type begins, or its last member.
  return childrenOf(node).at(-1)?.start ?? node.end
}

function signAfter(from: number, to: number, sign: string, text: string): Blank[] {
  const at = text.indexOf(sign, from)
  return at >= 0 && at <= to ? [{ start: at, end: at + 1 }] : []
}

/** `this: T`, which is no argument. */
function thisArgument(node: Tree, text: string): Blank[] {
  const [first, second] = listOf(node, 'params')
  if (first?.name !== 'this') return []
  const comma = /^\s*,/.exec(text.slice(first.end))?.[0].length ?? 0
  return [{ start: first.start, end: second ? second.start : first.end + comma }]
}

function blanked(text: string, blanks: readonly Blank[]): string {
  const pieces: string[] = []
  let at = 0
  for (const { start, end, as, oneLine } of blanks.toSorted((a, b) => a.start - b.start)) {
    if (end <= at) continue
    const from = Math.max(start, at)
    const blank = text.slice(from, end).replace(oneLine ? /[\s\S]/g : /[^\n\r]/g, ' ')
    pieces.push(text.slice(at, from), as ? as + blank.slice(1) : blank)
    at = end
  }
  return pieces.join('') + text.slice(at)
}
