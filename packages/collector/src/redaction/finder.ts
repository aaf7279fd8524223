import type { Preset } from './presets/index.ts'
import { encodedIn } from './reading/encoded.ts'
import { folded } from './reading/folded.ts'
import { type Traits, traitsOf } from './reading/traits.ts'

/** A place of a text and the rule that names it. */
export interface Found {
  readonly from: number
  readonly to: number
  /** Place of the rule among the rules. */
  readonly rule: number
}

/** A preset as a rule. */
export interface PresetRule {
  readonly rule: number
  readonly preset: Preset
}

/** Texts within texts are looked into so many times. */
const MAX_DEPTH = 3

/**
 * What presets find in a text: as it stands, as it reads with its escapes and the signs of other scripts, and in what
 * stands in it in base64 or hexadecimal digits.
 *
 * @param late Whether the time for it is over; what is found until then is given.
 */
export function findPresets(
  text: string,
  presets: readonly PresetRule[],
  late: () => boolean,
  depth = 0,
): Found[] {
  if (presets.length === 0 || text.length < 4) return []
  const traits = traitsOf(text)
  const look = (read: string, of: Traits) => [
    ...search(read, of, presets, late),
    ...inOtherForm(read, of, presets, late, depth),
  ]
  const found = look(text, traits)
  const reading = traits.wide || traits.escapes ? folded(text) : undefined
  if (!reading) return found
  for (const { from, to, rule } of look(reading.text, traitsOf(reading.text))) {
    found.push({ from: reading.starts[from] ?? 0, to: reading.ends[to - 1] ?? text.length, rule })
  }
  return found
}

function search(
  text: string,
  traits: Traits,
  presets: readonly PresetRule[],
  late: () => boolean,
): Found[] {
  const found: Found[] = []
  for (const { rule, preset } of presets) {
    if (late()) break
    for (const { from, to } of preset.find(text, traits))
      if (to > from) found.push({ from, to, rule })
  }
  return found
}

function inOtherForm(
  text: string,
  traits: Traits,
  presets: readonly PresetRule[],
  late: () => boolean,
  depth: number,
): Found[] {
  if (depth >= MAX_DEPTH || traits.stretches.length === 0) return []
  const found: Found[] = []
  for (const { from, to, text: inner } of encodedIn(text, traits)) {
    if (late()) break
    const rules = findPresets(inner, presets, late, depth + 1).map(({ rule }) => rule)
    if (rules.length > 0) found.push({ from, to, rule: Math.min(...rules) })
  }
  return found
}

/** Places that do not overlap, in order; what overlaps is one place of the first rule of it. */
export function merged(found: readonly Found[]): Found[] {
  const places: Found[] = []
  const sorted = [...found].sort((a, b) => a.from - b.from || b.to - a.to)
  for (const one of sorted) {
    const last = places.at(-1)
    if (!last || one.from >= last.to) places.push(one)
    else {
      places[places.length - 1] = {
        from: last.from,
        to: Math.max(last.to, one.to),
        rule: Math.min(last.rule, one.rule),
      }
    }
  }
  return places
}
