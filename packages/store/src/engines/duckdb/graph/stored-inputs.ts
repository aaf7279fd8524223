import type { Json } from '@trace2/core'
import type { SourcedInput } from '../../../graph/edges.ts'

export type StoredInput = SourcedInput & {
  /** Whether the span's own input has the value. */
  readonly given: boolean
  /** A value that it does not have, as far as it was captured, or the hash of its JSON. */
  readonly value: Json
  readonly valueRef: string | null
}

const NO_INPUTS: readonly StoredInput[] = []

/** The inputs of a span, of the JSON that `span-inputs.ts` writes. */
export function storedInputs(span: string, json: string | null): readonly StoredInput[] {
  if (json === null) return NO_INPUTS
  return scanned(span, json) ?? parsed(span, json)
}

/** A prompt that was named after what is around its span, as an input of the span. */
export function promptInput(
  span: string,
  role: string,
  name: string,
  version: string,
): StoredInput {
  return { ...blank(span), role, origin: 'parameter', a: name, b: version }
}

type Draft = { -readonly [Name in keyof StoredInput]: StoredInput[Name] }

/** One with what is usual. */
function blank(span: string): Draft {
  return {
    span,
    role: '',
    origin: '',
    how: 'exact',
    pointer: '',
    a: '',
    b: '',
    distinctive: false,
    given: false,
    value: null,
    valueRef: null,
  }
}

/** An input as `span-inputs.ts` writes it. A store that was migrated has `null` where others have nothing. */
interface WrittenInput {
  readonly r: string
  readonly o: string
  readonly h?: string | null
  readonly p?: string | null
  readonly a?: string | null
  readonly b?: string | null
  readonly d?: boolean | null
  readonly at?: string | null
  readonly v?: Json
  readonly c?: { readonly contentValue: string } | null
}

function parsed(span: string, json: string): StoredInput[] {
  const written: readonly WrittenInput[] = JSON.parse(json)
  return written.map(({ r, o, h, p, a, b, d, at, v, c }) => ({
    span,
    role: r,
    origin: o,
    how: h ?? 'exact',
    pointer: p ?? '',
    a: a ?? '',
    b: b ?? '',
    distinctive: d ?? false,
    given: typeof at === 'string',
    value: v ?? null,
    valueRef: c?.contentValue ?? null,
  }))
}

const QUOTE = '"'.charCodeAt(0)
const COLON = ':'.charCodeAt(0)

/**
 * The same of what most inputs are: names with texts that need no escapes. Parsing JSON was a sixth of reading a run; this
 * takes a third of that.
 *
 * @returns nothing where there is anything else, a `null` for example.
 */
function scanned(span: string, json: string): StoredInput[] | undefined {
  if (json.includes('\\')) return undefined
  const found: StoredInput[] = []
  let at = 0
  do {
    if (json[++at] !== '{') return undefined
    const input = blank(span)
    do {
      // One name has two letters.
      const name = json.charCodeAt(++at + 2) === QUOTE ? json[at + 1] : 'at'
      const from = name === 'at' ? at + 6 : at + 5
      if (json.charCodeAt(from - 2) !== COLON) return undefined
      if (name === 'd') {
        if (!json.startsWith('true', from - 1)) return undefined
        input.distinctive = true
        at = from + 3
        continue
      }
      const to = json.indexOf('"', from)
      if (json.charCodeAt(from - 1) !== QUOTE || !put(input, name, json.slice(from, to))) {
        return undefined
      }
      at = to + 1
    } while (json[at] === ',')
    if (json[at++] !== '}') return undefined
    found.push(input)
  } while (json[at] === ',')
  return found
}

function put(input: Draft, name: string | undefined, value: string): boolean {
  switch (name) {
    case 'r':
      input.role = value
      return true
    case 'o':
      input.origin = value
      return true
    case 'h':
      input.how = value
      return true
    case 'p':
      input.pointer = value
      return true
    case 'a':
      input.a = value
      return true
    case 'b':
      input.b = value
      return true
    case 'at':
      input.given = true
      return true
    case 'v':
      input.value = value
      return true
    default:
      return false
  }
}
