import { type EncodingName, modelToEncodingMap } from 'gpt-tokenizer/mapping'

/** Counts text in the tokens of one model. */
export interface Tokenizer {
  readonly encoding: string
  count(text: string): number
}

/**
 * The encoding that a model counts in; `undefined` where it is not public. A dated or new name has that of its family.
 */
export function encodingOf(model: string): EncodingName | undefined {
  const base = model.split('/').at(-1) ?? model
  const exact: EncodingName | undefined = Object.hasOwn(modelToEncodingMap, base)
    ? Reflect.get(modelToEncodingMap, base)
    : undefined
  if (exact) return exact
  if (/^(gpt-4(?![.o])|gpt-3\.5|text-embedding)/.test(base)) return 'cl100k_base'
  return /^(?:gpt-|chatgpt-|o\d(?:-|$)|simulated-)/.test(base) ? 'o200k_base' : undefined
}

/**
 * How models with an encoding of their own are counted: in the public encoding with the smallest vocabulary, of 50,000
 * tokens as small models have, and a tenth more. o200k has 30 to 40 % fewer tokens for English text and code, and a
 * fourth of them for Russian, so that a prompt counted in it would not fit.
 */
const cautious = { encoding: 'r50k_base', margin: 1.1 } as const

const loaded = new Map<string, Promise<Tokenizer>>()

/** The tokenizer of a model, loaded on first use (the tables are megabytes). */
export function tokenizerFor(model: string): Promise<Tokenizer> {
  const encoding = encodingOf(model)
  const name = encoding ?? 'cautious'
  const known = loaded.get(name)
  if (known) return known
  const loading = encoding ? load(encoding, 1) : load(cautious.encoding, cautious.margin)
  loaded.set(name, loading)
  return loading
}

async function load(encoding: EncodingName, margin: number): Promise<Tokenizer> {
  const { countTokens } = await importEncoding(encoding)
  // Text from a span may spell a special token; as content it is ordinary text.
  const options = { disallowedSpecial: new Set<string>() }
  return {
    encoding,
    count: (text) =>
      Math.ceil(margin * unbroken(text).reduce((sum, part) => sum + countTokens(part, options), 0)),
  }
}

function importEncoding(encoding: EncodingName) {
  switch (encoding) {
    case 'cl100k_base':
      return import('gpt-tokenizer/encoding/cl100k_base')
    case 'p50k_base':
      return import('gpt-tokenizer/encoding/p50k_base')
    case 'p50k_edit':
      return import('gpt-tokenizer/encoding/p50k_edit')
    case 'r50k_base':
    case 'gpt2':
      return import('gpt-tokenizer/encoding/r50k_base')
    case 'o200k_harmony':
      return import('gpt-tokenizer/encoding/o200k_harmony')
    default:
      return import('gpt-tokenizer/encoding/o200k_base')
  }
}

const longest = 1000
const run = new RegExp(
  `[\\p{L}\\p{M}]{${longest}}|[^\\s\\p{L}\\p{M}\\p{N}]{${longest}}|\\s{${longest}}`,
  'gu',
)

/**
 * Cuts runs of one kind of character at every thousandth. The tokenizer merges within such a run in quadratic time
 * (200,000 equal letters: 20 s); cut, the count is the same or a little higher.
 */
function unbroken(text: string): readonly string[] {
  if (!mayHaveLongRun(text)) return [text]
  const parts: string[] = []
  let from = 0
  for (const { index } of text.matchAll(run)) {
    const end = index + longest
    parts.push(text.slice(from, end))
    from = end
  }
  parts.push(text.slice(from))
  return parts
}

/** Whether a run of one kind may be that long; a look at the characters, far quicker than the expression. */
function mayHaveLongRun(text: string): boolean {
  let length = 0
  let last = 0
  for (let at = 0; at < text.length; at++) {
    const kind = kindOf(text.charCodeAt(at))
    if (kind === otherScript) length++
    else {
      length = kind === last ? length + 1 : 1
      last = kind
    }
    if (length >= longest) return true
  }
  return false
}

/** Any kind at all, for this purpose: it continues whatever run it stands in. */
const otherScript = 0

function kindOf(code: number): number {
  if (code > 127) return otherScript
  if (code === 32 || (code >= 9 && code <= 13)) return 1
  if (code >= 48 && code <= 57) return 2
  const letter = code | 32
  return letter >= 97 && letter <= 122 ? 3 : 4
}
