import { createHmac } from 'node:crypto'
import type { AnyValue } from '@trace2/store/otlp'
import { valueJson } from '@trace2/store/otlp'
import { type Found, findPresets, merged } from './finder.ts'
import { type JsonPlace, rewriteJson } from './json-text.ts'
import { traitsOf } from './reading/traits.ts'
import { compileRuleSets, type RuleSet, type RuleSets } from './rule-set.ts'
import type { RedactionOptions } from './rules.ts'
import { TimeLimit } from './time-limit.ts'

/** A longer text is replaced as a whole: what is not looked through is not kept. */
const MAX_TEXT = 1024 * 1024
/** JSON within strings of JSON is looked into so many times. */
const MAX_NESTING = 8
const TOO_LONG = 'too-long'
/** A shorter number is nothing that could be told from another. */
const SHORTEST_NUMBER = 9
/** Texts of at most so many characters are remembered: names, descriptions and keys come again and again. */
const MAX_REMEMBERED = 200
const MAX_MEMORY = 10_000

/** Takes out what the rules name. Equal values have equal replacements, so that they can still be joined. */
export class Redactor {
  readonly #key: string
  readonly #sets: RuleSets
  readonly #counts: { unread: number }
  readonly #time: TimeLimit

  /** @throws {Trace2Error} `T2_CONFIG` for a key that is too short or a rule that cannot be applied. */
  constructor(of: RedactionOptions | Redactor, bytes: number = Number.POSITIVE_INFINITY) {
    this.#sets = of instanceof Redactor ? of.#sets : compileRuleSets(of)
    this.#key = of instanceof Redactor ? of.#key : of.key
    this.#counts = of instanceof Redactor ? of.#counts : { unread: 0 }
    this.#time = new TimeLimit(bytes)
  }

  /** The same rules for one request of so many bytes: what is not looked through in time is replaced as a whole. */
  forRequest(bytes: number): Redactor {
    return new Redactor(this, bytes)
  }

  /** Number of texts that were replaced as a whole because looking through them took too long. */
  get unread(): number {
    return this.#counts.unread
  }

  /** Name of the rule that hides an attribute or member of this name. */
  hiddenBy(name: string): string | undefined {
    return this.#sets.all.hiddenBy(name)
  }

  /** A text, and if it is JSON, what stands in it. */
  text(text: string): string {
    return this.#look(text, this.#sets.all)
  }

  /** A text in which names hide nothing: a schema, which names what others contain. */
  words(text: string): string {
    return this.#look(text, this.#sets.words)
  }

  /** A text that only the rules for parameters apply to. */
  parameterText(text: string): string {
    return this.#look(text, this.#sets.parameters)
  }

  /** A name by which something is found: what takes its place is such a name as well. */
  identifier(name: string): string {
    const text = this.text(name)
    return text === name ? name : text.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^-|-$/g, '')
  }

  /** Any attribute value; maps and lists are looked into. */
  value(value: AnyValue): AnyValue {
    if (value === null || typeof value === 'boolean') return value
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'bigint' || typeof value === 'number') {
      return this.#number(String(value), this.#sets.all) ?? value
    }
    if (value instanceof Uint8Array) return this.#bytes(value)
    if (value instanceof Map) return this.#map(value)
    return Array.isArray(value) ? this.#list(value) : value
  }

  /** The value of an attribute or member of this name. */
  named(name: string, value: AnyValue): AnyValue {
    const rule = this.hiddenBy(name) ?? namedBy(name, value, this.#sets.all)
    if (rule === undefined) return this.value(value)
    return this.#replacement(rule, typeof value === 'string' ? value : valueJson(value))
  }

  /** A hash of a value that was withheld or cut: joins with equal hashes, and cannot be guessed without the key. */
  hash(hash: string): string {
    return createHmac('sha256', this.#key).update(`hash:${hash}`).digest('hex')
  }

  #map(map: ReadonlyMap<string, AnyValue>): AnyValue {
    const members: [string, AnyValue][] = []
    // `{ name: 'DB_PASSWORD', value: … }`
    const said = map.get('name') ?? map.get('key')
    for (const [name, member] of map) {
      const of = name === 'value' && typeof said === 'string' ? said : name
      members.push([this.text(name), this.named(of, member)])
    }
    return new Map(members)
  }

  /** Texts of a list are also read beside each other: `--password`, then its value. */
  #list(list: readonly AnyValue[]): AnyValue {
    if (list.length > 1 && list.every((item) => typeof item === 'string')) {
      const text = JSON.stringify(list)
      if (text.length <= MAX_TEXT) {
        const redacted = this.text(text)
        if (redacted === text) return list
        if (redacted.startsWith('[')) {
          const left = parsed(redacted)
          if (Array.isArray(left)) return left
        }
      }
    }
    return list.map((item) => this.value(item))
  }

  #replacement(rule: string, text: string): string {
    const digest = createHmac('sha256', this.#key).update(text.toWellFormed()).digest('hex')
    return `[redacted:${rule}:${digest.slice(0, 16)}]`
  }

  #unread(text: string): string {
    this.#counts.unread++
    return this.#replacement(TOO_LONG, text)
  }

  #look(text: string, set: RuleSet): string {
    if (text === '') return text
    const before = set.memory.get(text)
    if (before !== undefined) return before
    if (text.length > MAX_TEXT || this.#time.isOver) return this.#unread(text)
    const looked = this.#time.during(text.length, (isLate) =>
      this.#text(text, set, MAX_NESTING, isLate),
    )
    if (looked === undefined) return this.#unread(text)
    if (text.length <= MAX_REMEMBERED) {
      if (set.memory.size >= MAX_MEMORY) set.memory.clear()
      set.memory.set(text, looked)
    }
    return looked
  }

  /** `undefined` if there was not the time to look through it. */
  #text(text: string, set: RuleSet, nesting: number, isLate: () => boolean): string | undefined {
    if (text === '') return text
    if (/^\s*[[{"]/.test(text)) {
      if (nesting > 0 && this.#isClean(text, set, isLate)) return text
      if (nesting > 0 && isJson(text)) return this.#json(text, set, nesting, isLate)
      const rule = set.hidesNames ? hiddenInRuins(text, set) : undefined
      if (rule !== undefined) return this.#replacement(rule, text)
    }
    return this.#plain(text, set, isLate)
  }

  /** Whether nothing is found in a JSON text as it stands, so that its parts need not be looked at one by one. */
  #isClean(text: string, set: RuleSet, isLate: () => boolean): boolean {
    if (set.patterns.length > 0 || text.includes('\\')) return false
    if (hasTellingName(text, set)) return false
    return findPresets(text, set.presets, isLate).length === 0 && !isLate()
  }

  #json(text: string, set: RuleSet, nesting: number, isLate: () => boolean): string | undefined {
    const beside = merged(unmarked(text, findPresets(text, set.presets, isLate), set))
    let next = 0
    /** The rule of what was found in a part only because of what stands around it. */
    const ruleAt = ({ from, to }: JsonPlace): string | undefined => {
      while (next < beside.length && (beside[next]?.to ?? 0) <= from) next++
      const found = beside[next]
      return found && found.from < to - 1 && found.to > from + 1
        ? set.rules[found.rule]?.name
        : undefined
    }
    let late = false
    const rewritten = rewriteJson(text, {
      string: (value, place) => {
        const looked = late ? undefined : this.#text(value, set, nesting - 1, isLate)
        late ||= looked === undefined
        if (looked === undefined || looked !== value || place.isName) return looked ?? value
        const rule = ruleAt(place)
        return rule === undefined || value === '' ? value : this.#replacement(rule, value)
      },
      number: (digits, { from, to }) => {
        const replaced = this.#number(digits, set)
        const rule =
          replaced === undefined ? ruleAt({ from: from - 1, to: to + 1, isName: false }) : undefined
        return rule === undefined ? replaced : this.#replacement(rule, digits)
      },
      member: (name) => this.#hiding(name, set),
    })
    return late || isLate() ? undefined : rewritten
  }

  #hiding(name: string, set: RuleSet): ((valueText: string) => string | undefined) | undefined {
    const rule = set.hiddenBy(name)
    if (rule !== undefined) return (value) => this.#replacement(rule, plainOf(value))
    if (!set.mayName(name)) return undefined
    return (valueText) => {
      if (valueText.startsWith('{')) return undefined
      const named = namedBy(name, scalarsOf(valueText), set)
      return named === undefined ? undefined : this.#replacement(named, plainOf(valueText))
    }
  }

  #plain(text: string, set: RuleSet, isLate: () => boolean): string | undefined {
    const found: Found[] = findPresets(text, set.presets, isLate)
    for (const { rule, expression } of set.patterns) {
      if (!expression.test(text)) continue
      const matcher = expression.matcher(text)
      while (matcher.find()) {
        if (isLate()) return undefined
        if (matcher.end() > matcher.start()) {
          found.push({ from: matcher.start(), to: matcher.end(), rule })
        }
      }
    }
    if (isLate()) return undefined
    if (found.length === 0) return text
    let out = ''
    let kept = 0
    for (const { from, to, rule } of merged(unmarked(text, found, set))) {
      out +=
        text.slice(kept, from) +
        this.#replacement(set.rules[rule]?.name ?? '', text.slice(from, to))
      kept = to
    }
    return out + text.slice(kept)
  }

  /** Only whole numbers are numbers of something: a card, a phone. */
  #number(digits: string, { rules, presets, patterns }: RuleSet): string | undefined {
    if (!/^-?\d+$/.test(digits)) return undefined
    const pattern = patterns.find(({ expression }) => expression.matches(digits))
    const rule = pattern?.rule ?? numberRule(digits, presets)
    return rule === undefined ? undefined : this.#replacement(rules[rule]?.name ?? '', digits)
  }

  #bytes(bytes: Uint8Array): AnyValue {
    const text = Buffer.from(bytes).toString('utf8')
    return this.text(text) === text ? bytes : this.#replacement('bytes', text)
  }
}

/** The rule of the preset that takes a value for what its name says; of a list, each of its items. */
function namedBy(name: string, value: AnyValue, set: RuleSet): string | undefined {
  if (!set.mayName(name)) return undefined
  const values: readonly AnyValue[] = Array.isArray(value) ? value : [value]
  const texts = values.map((one) =>
    typeof one === 'bigint' || typeof one === 'number' ? String(one) : one,
  )
  if (texts.length === 0) return undefined
  const found = set.presets.find(({ preset: { named } }) =>
    texts.every((one) => typeof one === 'string' && named?.(name, one) === true),
  )
  return found && set.rules[found.rule]?.name
}

/** A JSON text that was cut may still hold a member to be hidden, and where it ends is not known. */
function hiddenInRuins(text: string, { hiddenBy }: RuleSet): string | undefined {
  for (const [, name = ''] of text.matchAll(/"([^"\\]{1,200})"\s{0,20}:/g)) {
    const rule = hiddenBy(name)
    if (rule !== undefined) return rule
  }
  return undefined
}

function hasTellingName(text: string, { hiddenBy, mayName }: RuleSet): boolean {
  for (const [, name = ''] of text.matchAll(/"([^"]{0,200})"\s{0,20}:/g)) {
    if (hiddenBy(name) !== undefined || mayName(name)) return true
  }
  return false
}

/** What was found, without what stands in replacements: rules have taken that out before. */
function unmarked(text: string, found: readonly Found[], { names }: RuleSet): readonly Found[] {
  if (found.length === 0 || !text.includes('[redacted:')) return found
  const marks = [...text.matchAll(/\[redacted:([A-Za-z0-9_-]{1,60}):[0-9a-f]{16}\]/g)]
    .filter(([, name = '']) => names.has(name))
    .map(({ 0: mark, index }) => ({ from: index, to: index + mark.length }))
  let next = 0
  return [...found]
    .sort((a, b) => a.from - b.from)
    .filter(({ from, to }) => {
      while (next < marks.length && (marks[next]?.to ?? 0) <= from) next++
      const mark = marks[next]
      return !mark || from < mark.from || (from === mark.from && to > mark.to)
    })
}

/** The rule of the preset that takes all of a number for its own. */
function numberRule(digits: string, presets: RuleSet['presets']): number | undefined {
  if (digits.length < SHORTEST_NUMBER) return undefined
  const traits = traitsOf(digits)
  return presets.find(({ preset }) =>
    preset.find(digits, traits).some(({ from, to }) => from === 0 && to === digits.length),
  )?.rule
}

function isJson(text: string): boolean {
  return parsed(text) !== undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The value of a JSON text if it is a text or number, or a list of them; nothing otherwise. */
function scalarsOf(valueText: string): AnyValue {
  const value = parsed(valueText)
  const isScalar = (one: unknown) => typeof one === 'string' || typeof one === 'number'
  if (typeof value === 'string') return value
  // As it was written: a number may have more digits than are kept.
  if (typeof value === 'number') return valueText
  return Array.isArray(value) && value.every(isScalar) ? value.map(String) : null
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
