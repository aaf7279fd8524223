/** What becomes of the parts of a JSON text. */
export interface JsonRewrite {
  /** A string that stands at a place of the text, or the name of a member. */
  readonly string: (value: string, place: JsonPlace) => string
  /** The text of a number; a string takes its place, `undefined` leaves it. */
  readonly number: (text: string, place: JsonPlace) => string | undefined
  /** What takes the place of the value of a member of this name; `undefined` looks into it. */
  readonly member: (name: string) => ((valueText: string) => string | undefined) | undefined
}

/** Where a part stands, its quotes included. */
export interface JsonPlace {
  readonly from: number
  readonly to: number
  /** Whether it is the name of a member. */
  readonly isName: boolean
}

/**
 * Rewrites a valid JSON text in place: what is not rewritten stays as it was written, digits, spaces and order
 * included. It takes no stack, however deep the text is.
 */
export function rewriteJson(text: string, { string, number, member }: JsonRewrite): string {
  const inObject: boolean[] = []
  let out = ''
  let copied = 0
  let at = 0
  let atName = false
  const put = (from: number, to: number, value: string) => {
    out += text.slice(copied, from) + JSON.stringify(value)
    copied = to
  }
  const visitString = (): string => {
    const end = endOfString(text, at)
    const value: string = JSON.parse(text.slice(at, end))
    const changed = string(value, { from: at, to: end, isName: atName })
    if (changed !== value) put(at, end, changed)
    at = end
    return value
  }
  while (at < text.length) {
    const character = text.charAt(at)
    if (character === '"') {
      const value = visitString()
      if (!atName) continue
      atName = false
      const hide = member(value)
      if (!hide) continue
      const from = text.indexOf(':', at) + 1
      const start = from + (/^\s*/.exec(text.slice(from, from + 100))?.[0].length ?? 0)
      const end = endOfValue(text, start)
      const hidden = hide(text.slice(start, end))
      if (hidden === undefined) {
        at = start
        continue
      }
      put(start, end, hidden)
      at = end
    } else if (/[-0-9]/.test(character)) {
      const end = endOfScalar(text, at)
      const changed = number(text.slice(at, end), { from: at, to: end, isName: false })
      if (changed !== undefined) put(at, end, changed)
      at = end
    } else {
      if (character === '{' || character === '[') inObject.push(character === '{')
      if (character === '}' || character === ']') inObject.pop()
      if (character === '{' || character === ',') atName = inObject.at(-1) === true
      at++
    }
  }
  return out + text.slice(copied)
}

function endOfString(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function endOfScalar(text: string, from: number): number {
  let at = from
  while (at < text.length && !/[\s,\]}]/.test(text.charAt(at))) at++
  return at
}

function endOfValue(text: string, from: number): number {
  let depth = 0
  let at = from
  do {
    const character = text.charAt(at)
    if (character === '"') at = endOfString(text, at)
    else if (character === '{' || character === '[') {
      depth++
      at++
    } else if (character === '}' || character === ']') {
      depth--
      at++
    } else if (depth > 0) at++
    else at = endOfScalar(text, at)
  } while (depth > 0)
  return at
}
