import { type Json, parameterVersion } from '@trace2/core'
import {
  applyEdits,
  type Edit,
  type FormattingOptions,
  findNodeAtLocation,
  modify,
  type Node,
  parseTree,
} from 'jsonc-parser'

/** A change of what a parameters document gives for one parameter. */
export type Change =
  | {
      readonly kind: 'set'
      readonly value: Json
      /** Where the entry has variants: the version of the one that the value replaces. */
      readonly replaces: string | null
    }
  | { readonly kind: 'remove' }

/** A document that gives nothing yet, with what is set. */
export function newDocument(changes: ReadonlyMap<string, Change>): string {
  const names = [...changes.keys()].sort()
  const entries = names.flatMap((name) => {
    const change = changes.get(name)
    return change?.kind === 'set' ? [[name, entryOf(change.value)] as const] : []
  })
  const parameters = Object.fromEntries(entries)
  return `${JSON.stringify({ trace2: 1, parameters }, null, 2)}\n`
}

/**
 * Changes the text of a parameters document and nothing in it but the values meant: the order of entries, fields of
 * people's own, numbers as they were written, indentation and line endings stay.
 */
export function editedDocument(text: string, changes: ReadonlyMap<string, Change>): string {
  const format = formatOf(text)
  let edited = text
  for (const [name, change] of changes) {
    edited = applyEdits(edited, editsOf(edited, name, change, format))
  }
  return edited
}

function editsOf(text: string, name: string, change: Change, format: Format): Edit[] {
  const path = ['parameters', name]
  if (change.kind === 'remove') return modify(text, path, undefined, {})
  const root = parseTree(text)
  const entry = root && findNodeAtLocation(root, path)
  if (!entry) {
    const others = (root && findNodeAtLocation(root, ['parameters'])?.children) ?? []
    const next = nextAfter(others, name)
    const neighbour = next ?? others.at(-1)
    if (neighbour) {
      return [added(text, neighbour, next !== undefined, name, entryOf(change.value), format)]
    }
    return modify(text, path, entryOf(change.value), { formattingOptions: format })
  }
  return armsOf(entry, change.replaces).flatMap((arm) => {
    const value = findNodeAtLocation(arm, ['value'])
    const version = findNodeAtLocation(arm, ['version'])
    return [
      ...(value ? [replaced(text, value, change.value, format)] : []),
      ...(version ? [replaced(text, version, parameterVersion(change.value), format)] : []),
    ]
  })
}

/** The property that a new one comes before, where they are in the order of their names: lines merge best so. */
function nextAfter(properties: readonly Node[], name: string): Node | undefined {
  const names = properties.map(({ children: [key] = [] }) => String(key?.value))
  const isOrdered = names.every((each, at) => at === 0 || (names[at - 1] ?? '') < each)
  return isOrdered ? properties[names.findIndex((each) => each > name)] : undefined
}

/** A property before or after another, on a line of its own where that is. */
function added(
  text: string,
  { offset, length }: Node,
  isBefore: boolean,
  name: string,
  value: Json,
  format: Format,
): Edit {
  const indentation = lineBefore(text, offset)
  const isOwnLine = /^[ \t]*$/.test(indentation) && offset > indentation.length
  const [separator, colon] = isOwnLine ? [`${format.eol}${indentation}`, ': '] : ['', ':']
  const written = JSON.stringify(value, null, isOwnLine ? unitOf(format) : undefined)
  const property = `${JSON.stringify(name)}${colon}${laidOut(written, indentation, format)}`
  return isBefore
    ? { offset, length: 0, content: `${property},${separator}` }
    : { offset: offset + length, length: 0, content: `,${separator}${property}` }
}

/** The objects in an entry whose `value` is to change: itself, or the variants of one version. */
function armsOf(entry: Node, version: string | null): readonly Node[] {
  if (findNodeAtLocation(entry, ['value'])) return [entry]
  const variants = findNodeAtLocation(entry, ['variants'])?.children ?? []
  return variants.filter((variant) => {
    const value = findNodeAtLocation(variant, ['value'])
    return value !== undefined && parameterVersion(jsonOf(value)) === version
  })
}

function jsonOf(node: Node): Json {
  switch (node.type) {
    case 'object':
      return Object.fromEntries(
        (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
          key && value ? [[String(key.value), jsonOf(value)]] : [],
        ),
      )
    case 'array':
      return (node.children ?? []).map(jsonOf)
    default:
      return node.value
  }
}

function replaced(text: string, node: Node, value: Json, format: Format): Edit {
  const { offset, length } = node
  const wasOneLine = !text.slice(offset, offset + length).includes('\n')
  const isScalar = length > 0 && !/^[[{]/.test(text.slice(offset, offset + 1))
  const spread = text.trim().includes('\n') && (isScalar || !wasOneLine)
  const written = JSON.stringify(value, null, spread ? unitOf(format) : undefined)
  const indentation = /^[ \t]*/.exec(lineBefore(text, offset))?.[0] ?? ''
  return { offset, length, content: laidOut(written, indentation, format) }
}

/** What stands before a position in its line. */
function lineBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
}

function laidOut(written: string, indentation: string, { eol }: Format): string {
  return written.replaceAll('\n', `${eol}${indentation}`)
}

function entryOf(value: Json): { readonly value: Json; readonly version: string } {
  return { value, version: parameterVersion(value) }
}

type Format = FormattingOptions & { readonly eol: string }

/** How the text is laid out: its line endings, and what its first indented line begins with. */
function formatOf(text: string): Format {
  const indentation = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
  return {
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    insertSpaces: !indentation.startsWith('\t'),
    tabSize: indentation.startsWith('\t') ? 1 : indentation.length,
  }
}

function unitOf({ insertSpaces, tabSize = 2 }: Format): string {
  return insertSpaces ? ' '.repeat(tabSize) : '\t'
}
