import { createHmac } from 'node:crypto'
import type { AnyValue } from '@trace2/store/otlp'
import { valueJson } from '@trace2/store/otlp'
import { rewriteJson } from './json-text.ts'
import { type CompiledPattern, compileRules, type RedactionOptions } from './rules.ts'

/** A longer text is replaced as a whole: what is not looked through is not kept. */
const MAX_TEXT = 1024 * 1024
/** JSON within strings of JSON is looked into so many times. */
const MAX_NESTING = 8
/** A text that takes longer is replaced from there on. Matching is linear, repeating it need not be. */
const MAX_TEXT_MS = 250
const TOO_LONG = 'too-long'

/** Takes out what the rules name. Equal values have equal replacements, so that they can still be joined. */
export class Redactor {
  readonly #key: string
  readonly #patterns: readonly CompiledPattern[]
  readonly #parameterPatterns: readonly CompiledPattern[]
  readonly #hidesNames: boolean
  /** Name of the rule that hides an attribute or member of this name. */
  readonly hiddenBy: (name: string) => string | undefined

  /** @throws {Trace2Error} `T2_CONFIG` for a key that is too short or a rule that cannot be applied. */
  constructor(options: RedactionOptions) {
    const { patterns, hiddenBy, hidesNames } = compileRules(options)
    this.#key = options.key
    this.#patterns = patterns
    this.#parameterPatterns = patterns.filter(({ parameters }) => parameters)
    this.#hidesNames = hidesNames
    this.hiddenBy = hiddenBy
  }

  /** A text, and if it is JSON, what stands in it. */
  text(text: string): string {
    return this.#text(text, this.#patterns, MAX_NESTING)
  }

  /** A text that only the rules for parameters apply to. */
  parameterText(text: string): string {
    return this.#text(text, this.#parameterPatterns, MAX_NESTING)
  }

  /** Any attribute value; maps and lists are looked into. */
  value(value: AnyValue): AnyValue {
    if (value === null || typeof value === 'boolean') return value
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'bigint' || typeof value === 'number') {
      return this.#number(String(value), this.#patterns) ?? value
    }
    if (value instanceof Uint8Array) return this.#bytes(value)
    if (value instanceof Map) {
      const members: [string, AnyValue][] = []
      for (const [name, member] of value) members.push([this.text(name), this.named(name, member)])
      return new Map(members)
    }
    return Array.isArray(value) ? value.map((item: AnyValue) => this.value(item)) : value
  }

  /** The value of an attribute or member of this name. */
  named(name: string, value: AnyValue): AnyValue {
    const rule = this.hiddenBy(name)
    if (rule === undefined) return this.value(value)
    return this.#replacement(rule, typeof value === 'string' ? value : valueJson(value))
  }

  /** A hash of a value that was withheld or cut: joins with equal hashes, and cannot be guessed without the key. */
  hash(hash: string): string {
    return createHmac('sha256', this.#key).update(`hash:${hash}`).digest('hex')
  }

  #replacement(rule: string, text: string): string {
    const digest = createHmac('sha256', this.#key).update(text.toWellFormed()).digest('hex')
    return `[redacted:${rule}:${digest.slice(0, 16)}]`
  }

  #text(text: string, patterns: readonly CompiledPattern[], nesting: number): string {
    if (text === '') return text
    if (text.length > MAX_TEXT) return this.#replacement(TOO_LONG, text)
    if (/^\s*[[{"]/.test(text)) {
      if (nesting > 0 && isJson(text)) return this.#json(text, patterns, nesting)
      const rule = this.#hidesNames ? this.#hiddenInRuins(text) : undefined
      if (rule !== undefined) return this.#replacement(rule, text)
    }
    return this.#plain(text, patterns)
  }

  #json(text: string, patterns: readonly CompiledPattern[], nesting: number): string {
    return rewriteJson(text, {
      string: (value) => this.#text(value, patterns, nesting - 1),
      number: (digits) => this.#number(digits, patterns),
      member: (name) => {
        const rule = this.hiddenBy(name)
        return rule === undefined ? undefined : (value) => this.#replacement(rule, plainOf(value))
      },
    })
  }

  /** A JSON text that was cut may still hold a member to be hidden, and where it ends is not known. */
  #hiddenInRuins(text: string): string | undefined {
    for (const [, name = ''] of text.matchAll(/"([^"\\]{1,200})"\s{0,20}:/g)) {
      const rule = this.hiddenBy(name)
      if (rule !== undefined) return rule
    }
    return undefined
  }

  #plain(text: string, patterns: readonly CompiledPattern[]): string {
    // Most texts hold nothing that any rule names.
    if (!patterns.some((pattern) => mayMatch(pattern, text))) return text
    const started = performance.now()
    let parts: Part[] = [{ text, done: false }]
    for (const pattern of patterns) {
      parts = parts.flatMap((part) => (part.done ? part : this.#split(part.text, pattern, started)))
    }
    return parts.map((part) => part.text).join('')
  }

  #split(text: string, pattern: CompiledPattern, started: number): Part[] {
    if (!mayMatch(pattern, text)) return [{ text, done: false }]
    const { name, expression, accepts } = pattern
    const parts: Part[] = []
    const matcher = expression.matcher(text)
    let kept = 0
    while (matcher.find()) {
      const from = matcher.start()
      const to = matcher.end()
      const late = performance.now() - started > MAX_TEXT_MS
      const match = late ? text.slice(from) : text.slice(from, to)
      if (to > from && (late || accepts(match))) {
        parts.push({ text: text.slice(kept, from), done: false })
        parts.push({ text: this.#replacement(late ? TOO_LONG : name, match), done: true })
        kept = from + match.length
      }
      if (late) break
    }
    parts.push({ text: text.slice(kept), done: false })
    return parts
  }

  /** Only whole numbers are numbers of something: a card, a phone. */
  #number(digits: string, patterns: readonly CompiledPattern[]): string | undefined {
    if (!/^-?\d+$/.test(digits)) return undefined
    const match = patterns.find(
      ({ expression, accepts }) => expression.matches(digits) && accepts(digits),
    )
    return match && this.#replacement(match.name, digits)
  }

  #bytes(bytes: Uint8Array): AnyValue {
    const text = Buffer.from(bytes).toString('utf8')
    return this.text(text) === text ? bytes : this.#replacement('bytes', text)
  }
}

function mayMatch({ sign, expression }: CompiledPattern, text: string): boolean {
  return sign?.test(text) !== false && expression.test(text)
}

interface Part {
  readonly text: string
  /** Whether it is a replacement, in which nothing is looked for. */
  readonly done: boolean
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A JSON string's own text; other values without the spaces between their parts. */
function plainOf(valueText: string): string {
  try {
    const value: unknown = JSON.parse(valueText)
    return typeof value === 'string' ? value : JSON.stringify(value)
  } catch {
    // Too deep to be written again.
    return valueText
  }
}
