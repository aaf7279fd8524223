/** One declared argument of a function. */
export interface DeclaredArgument {
  /** `undefined` for an array pattern. */
  readonly name: string | undefined
  readonly form: 'plain' | 'object' | 'array' | 'rest'
}

/** What a function's source says about how it is called. */
export interface Signature {
  readonly declared: readonly DeclaredArgument[]
  /** Source text up to the end of the argument list. */
  readonly head: string
  /** The comment that documents the function: the first in its body, if nothing comes before it. */
  readonly documentation: string
}

/** Reads the signature from the source text of a function; `undefined` where there is none (native code). */
export function parseSignature(source: string): Signature | undefined {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) return undefined
  const single = /^(?:async\s+)?([\p{ID_Start}_$][\p{ID_Continue}$]*)\s*=>/u.exec(source)
  if (single?.[1] && single[1] !== 'async') {
    const declared: DeclaredArgument[] = [{ name: single[1], form: 'plain' }]
    return { declared, head: single[0], documentation: leadingComment(source, single[0].length) }
  }
  const open = nextOutside(source, 0, '(')
  if (open < 0) return undefined
  const pieces: string[] = []
  let from = open + 1
  for (;;) {
    const end = nextOutside(source, from, ',)')
    if (end < 0) return undefined
    pieces.push(withoutComments(source.slice(from, end)).trim())
    from = end + 1
    if (source[end] === ')') break
  }
  const declared = pieces.filter((piece) => piece !== '').map(declaredArgument)
  return { declared, head: source.slice(0, from), documentation: leadingComment(source, from) }
}

function declaredArgument(piece: string): DeclaredArgument {
  if (piece.startsWith('{')) return { name: undefined, form: 'object' }
  if (piece.startsWith('[')) return { name: undefined, form: 'array' }
  const name = /^(?:\.\.\.)?\s*([\p{ID_Start}_$][\p{ID_Continue}$]*)/u.exec(piece)?.[1]
  return { name, form: piece.startsWith('...') ? 'rest' : 'plain' }
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Position of the first of `wanted` that is in no string, comment or bracket; -1 where there is none. */
function nextOutside(source: string, from: number, wanted: string): number {
  for (let index = from; index < source.length; ) {
    const character = source[index] ?? ''
    if (wanted.includes(character)) return index
    const end = endOfToken(source, index)
    if (end < 0) return -1
    index = end
  }
  return -1
}

/** Position after the string, comment, bracket pair or character that begins at `index`. */
function endOfToken(source: string, index: number): number {
  const character = source[index] ?? ''
  if (character === '"' || character === "'" || character === '`') return endOfString(source, index)
  const comment = endOfComment(source, index)
  if (comment > index) return comment
  const close = closing[character]
  if (!close) return index + 1
  const end = nextOutside(source, index + 1, close)
  return end < 0 ? -1 : end + 1
}

function endOfString(source: string, start: number): number {
  const quote = source[start]
  for (let index = start + 1; index < source.length; index++) {
    if (source[index] === '\\') index++
    else if (source[index] === quote) return index + 1
    else if (quote === '`' && source.startsWith('${', index)) {
      const end = nextOutside(source, index + 2, '}')
      if (end < 0) return -1
      index = end
    }
  }
  return -1
}

function endOfComment(source: string, index: number): number {
  if (source.startsWith('//', index)) {
    const end = source.indexOf('\n', index)
    return end < 0 ? source.length : end + 1
  }
  if (!source.startsWith('/*', index)) return index
  const end = source.indexOf('*/', index + 2)
  return end < 0 ? source.length : end + 2
}

function withoutComments(text: string): string {
  let kept = ''
  for (let index = 0; index < text.length; ) {
    const comment = endOfComment(text, index)
    if (comment > index) {
      index = comment
      continue
    }
    const end = endOfToken(text, index)
    if (end < 0) return kept + text.slice(index)
    kept += text.slice(index, end)
    index = end
  }
  return kept
}

/** The words of the comment after the head, across `{`, `=>` and white space. */
function leadingComment(source: string, from: number): string {
  const rest = source.slice(from).replace(/^[\s:=>{(]*/, '')
  const block = /^\/\*\*?([\s\S]*?)\*\//.exec(rest)?.[1]
  if (block !== undefined) return block.replace(/^\s*\* ?/gm, '').trim()
  const lines = /^(?:\/\/[^\n]*\n\s*)+/.exec(rest)?.[0]
  return lines ? lines.replace(/^\s*\/\/ ?/gm, '').trim() : ''
}
