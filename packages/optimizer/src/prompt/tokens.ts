import { type EncodingName, modelToEncodingMap } from 'gpt-tokenizer/mapping'

/** Counts text in the tokens of one model. */
export interface Tokenizer {
  readonly encoding: string
  count(text: string): number
}

/** The encoding of a model by its name; a dated or unknown name falls back to its family, then to o200k. */
export function encodingOf(model: string): EncodingName {
  const base = model.split('/').at(-1) ?? model
  const exact: EncodingName | undefined = Reflect.get(modelToEncodingMap, base)
  if (exact) return exact
  if (/^(gpt-4(?![.o])|gpt-3\.5|text-embedding)/.test(base)) return 'cl100k_base'
  return 'o200k_base'
}

const loaded = new Map<EncodingName, Promise<Tokenizer>>()

/** The tokenizer of a model, loaded on first use (the tables are megabytes). */
export function tokenizerFor(model: string): Promise<Tokenizer> {
  const encoding = encodingOf(model)
  const known = loaded.get(encoding)
  if (known) return known
  const loading = load(encoding)
  loaded.set(encoding, loading)
  return loading
}

async function load(encoding: EncodingName): Promise<Tokenizer> {
  const { countTokens } = await importEncoding(encoding)
  // Text from a span may spell a special token; as content it is ordinary text.
  const options = { disallowedSpecial: new Set<string>() }
  return {
    encoding,
    count: (text) => unbroken(text).reduce((sum, part) => sum + countTokens(part, options), 0),
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
