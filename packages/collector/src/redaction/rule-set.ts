import type { RE2JS } from 're2js'
import type { PresetRule } from './finder.ts'
import { type CompiledRule, compileRules, type RedactionOptions } from './rules.ts'

/** The rules that apply to one kind of text, and what is known of it already. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[]
  readonly presets: readonly PresetRule[]
  readonly patterns: readonly { readonly rule: number; readonly expression: RE2JS }[]
  /** Name of the rule that hides whatever has this name. */
  readonly hiddenBy: (name: string) => string | undefined
  readonly hidesNames: boolean
  /** Whether a preset may hide what has this name. */
  readonly mayName: (name: string) => boolean
  /** Names that stand in replacements. */
  readonly names: ReadonlySet<string>
  /** What became of short texts. */
  readonly memory: Map<string, string>
}

export interface RuleSets {
  /** For whatever comes in. */
  readonly all: RuleSet
  /** For texts that name what others contain: names hide nothing in them. */
  readonly words: RuleSet
  /** For values of parameters, which developers wrote. */
  readonly parameters: RuleSet
}

/** @throws {Trace2Error} `T2_CONFIG` for a key that is too short or a rule that cannot be applied. */
export function compileRuleSets(options: RedactionOptions): RuleSets {
  const { rules, hiddenBy, hidesNames } = compileRules(options)
  const names = new Set([...options.rules, ...rules].map(({ name }) => name))
  const nameless = { names, hiddenBy: () => undefined, hidesNames: false }
  return {
    all: ruleSet(rules, { names, hiddenBy, hidesNames }, true),
    words: ruleSet(rules, nameless, false),
    parameters: ruleSet(
      rules.filter(({ parameters }) => parameters),
      { names, hiddenBy, hidesNames },
      true,
    ),
  }
}

function ruleSet(
  rules: readonly CompiledRule[],
  about: Pick<RuleSet, 'names' | 'hiddenBy' | 'hidesNames'>,
  tell: boolean,
): RuleSet {
  const presets = rules.flatMap(({ look }, rule) =>
    'preset' in look ? [{ rule, preset: look.preset }] : [],
  )
  const patterns = rules.flatMap(({ look }, rule) =>
    'expression' in look ? [{ rule, expression: look.expression }] : [],
  )
  const telling = tell ? presets.flatMap(({ preset }) => preset.telling ?? []) : []
  return { rules, presets, patterns, ...about, mayName: memoized(telling), memory: new Map() }
}

const REMEMBERED_NAMES = 10_000

function memoized(telling: readonly ((name: string) => boolean)[]): (name: string) => boolean {
  const known = new Map<string, boolean>()
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const tells = telling.some((one) => one(name))
    if (known.size >= REMEMBERED_NAMES) known.clear()
    known.set(name, tells)
    return tells
  }
}
