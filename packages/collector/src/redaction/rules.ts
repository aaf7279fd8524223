import { RE2JS } from 're2js'
import { raise } from '../errors.ts'
import { ALL, type Preset, type PresetName, presets } from './presets/index.ts'

/** What to take out: by name, by pattern, or by a pattern that is known under a name. */
export interface RedactionRule {
  /** Stands in what replaces a value: letters, digits, `-` and `_`. */
  readonly name: string
  /**
   * Names of attributes, or of members of JSON values at any depth; `*` stands for any characters, case does not
   * count. A name without a dot also means the last part of a dotted one.
   */
  readonly keys?: readonly string[]
  /** A regular expression in RE2's syntax: no backreferences and no lookaround, so that matching takes linear time. */
  readonly pattern?: string
  /**
   * Name of a kind that the collector knows. `all` is one rule for each kind, named after this one and the kind:
   * `private-email`.
   */
  readonly preset?: PresetName | typeof ALL
  /**
   * Whether the pattern also applies to values of parameters, which developers wrote. Default `false`; presets of
   * credentials apply to them always.
   */
  readonly parameters?: boolean
}

/** What is taken out of everything that comes in. */
export interface RedactionOptions {
  /**
   * Secret of at least 16 characters. Under one key, equal values are replaced by equal texts; without the key, nobody
   * can tell the value.
   */
  readonly key: string
  /** The rules. */
  readonly rules: readonly RedactionRule[]
}

/** A rule that looks into texts: by a pattern of the operator, or by a preset. */
export interface CompiledRule {
  readonly name: string
  readonly look: { readonly expression: RE2JS } | { readonly preset: Preset }
  /** Whether it applies to values of parameters. */
  readonly parameters: boolean
}

export interface CompiledRules {
  readonly rules: readonly CompiledRule[]
  /** Name of the rule that hides what has this name. */
  readonly hiddenBy: (name: string) => string | undefined
  readonly hidesNames: boolean
}

const MAX_RULES = 200
const MAX_PATTERN = 2000
const SHORTEST_KEY = 16
const REMEMBERED_NAMES = 10_000

/** @throws {Trace2Error} `T2_CONFIG` for a rule that cannot be applied, with its name. */
export function compileRules({ key, rules }: RedactionOptions): CompiledRules {
  if (key.length < SHORTEST_KEY) {
    throw raise('T2_CONFIG', `The redaction key needs at least ${SHORTEST_KEY} characters.`)
  }
  if (rules.length > MAX_RULES) throw raise('T2_CONFIG', `At most ${MAX_RULES} rules are possible.`)
  const names = new Set(rules.map((rule) => rule.name))
  if (names.size < rules.length) throw raise('T2_CONFIG', 'Two redaction rules have one name.')
  const compiled = rules.flatMap(compileRule)
  const keyed = rules.flatMap(({ name, keys = [] }) =>
    keys.length === 0 ? [] : { name, expression: globs(keys) },
  )
  return { rules: compiled, hidesNames: keyed.length > 0, hiddenBy: memoizeRules(keyed) }
}

function compileRule(rule: RedactionRule): CompiledRule[] {
  const { name, keys, pattern, preset, parameters = false } = rule
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(name)) {
    throw raise('T2_CONFIG', `${JSON.stringify(name)} cannot be the name of a redaction rule.`)
  }
  if ([keys, pattern, preset].filter((part) => part !== undefined).length !== 1) {
    throw raise('T2_CONFIG', `Redaction rule ${name} needs one of keys, pattern and preset.`)
  }
  if (pattern !== undefined)
    return [{ name, look: { expression: safe(name, pattern) }, parameters }]
  if (preset === undefined) return []
  const ofPreset = (own: string, known: Preset): CompiledRule => ({
    name: own,
    look: { preset: known },
    parameters: parameters || known.credential,
  })
  if (preset !== ALL) return [ofPreset(name, presets[preset])]
  return Object.entries(presets).map(([kind, known]) => ofPreset(`${name}-${kind}`, known))
}

function safe(name: string, pattern: string): RE2JS {
  if (pattern.length > MAX_PATTERN) {
    throw raise('T2_CONFIG', `The pattern of rule ${name} is longer than ${MAX_PATTERN}.`)
  }
  let expression: RE2JS
  try {
    expression = RE2JS.compile(pattern)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_CONFIG', `The pattern of rule ${name}: ${reason}`, { cause: error })
  }
  if (expression.test('')) throw raise('T2_CONFIG', `The pattern of rule ${name} matches nothing.`)
  return expression
}

function globs(keys: readonly string[]): RE2JS {
  const one = (key: string) => key.split('*').map(RE2JS.quote).join('.*')
  return RE2JS.compile(`(?:${keys.map(one).join('|')})`, RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL)
}

type Keyed = { readonly name: string; readonly expression: RE2JS }

/** The same few hundred names come again and again. */
function memoizeRules(keyed: readonly Keyed[]): (name: string) => string | undefined {
  const known = new Map<string, string | undefined>()
  return (name) => {
    if (keyed.length === 0) return undefined
    if (known.has(name)) return known.get(name)
    const last = name.slice(name.lastIndexOf('.') + 1)
    const rule = keyed.find(
      ({ expression }) => expression.matches(name) || expression.matches(last),
    )?.name
    if (known.size >= REMEMBERED_NAMES) known.clear()
    known.set(name, rule)
    return rule
  }
}
