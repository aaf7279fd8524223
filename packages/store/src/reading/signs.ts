import { PREFIX_INPUT_HASH, PREFIX_INPUT_TEMPLATE, PREFIX_PARAM_VERSION } from '@trace2/core'
import { remembering } from '../memoize-by-name.ts'
import type { Attributes } from '../otlp/model.ts'
import { dialects, type Field } from './dialects/index.ts'
import { parsedKey } from './dialects/key.ts'

/** Fields that spans of any convention may have, each with the bit that announces it. */
const fieldSigns = {
  callId: 1 << 8,
  model: 1 << 9,
  provider: 1 << 10,
  inputTokens: 1 << 11,
  outputTokens: 1 << 12,
  costUsd: 1 << 13,
  session: 1 << 14,
} as const satisfies Partial<Record<Field, number>>

/**
 * What attributes announce by their names, as bits. Almost every span passes by almost every rule; this tells which
 * rules have anything to read without trying each.
 */
export const sign = {
  annotation: 1 << 0,
  reward: 1 << 1,
  verdict: 1 << 2,
  inputHash: 1 << 3,
  template: 1 << 4,
  parameter: 1 << 5,
  ...fieldSigns,
} as const

const prefixes: [prefix: string, bits: number][] = [
  ['annotations.', sign.annotation],
  ['evaluations.', sign.annotation],
  ['trace.annotations.', sign.annotation],
  ['trace.evaluations.', sign.annotation],
  ['agentlightning.reward.', sign.reward],
  ['eval.', sign.verdict],
  [PREFIX_INPUT_HASH, sign.inputHash],
  [PREFIX_INPUT_TEMPLATE, sign.template],
  [PREFIX_PARAM_VERSION, sign.parameter],
]
const exact = new Map<string, number>()
for (const { fields } of dialects) {
  for (const [field, bits] of Object.entries(fieldSigns)) {
    for (const key of fields[field as keyof typeof fieldSigns] ?? []) {
      const { attribute, under } = parsedKey(key)
      if (under) prefixes.push([`${attribute}.`, bits])
      else exact.set(attribute, (exact.get(attribute) ?? 0) | bits)
    }
  }
}

const signsOfName = remembering((name) => {
  let bits = exact.get(name) ?? 0
  for (const [prefix, bit] of prefixes) if (name.startsWith(prefix)) bits |= bit
  return bits
})

// One rule after the other asks of the same span and its resource.
let latest: Asked = { attributes: new Map(), signs: 0 }
let earlier = latest

interface Asked {
  readonly attributes: Attributes
  readonly signs: number
}

/** The {@link sign}s of all attributes together. */
export function signsOf(attributes: Attributes): number {
  if (attributes === latest.attributes) return latest.signs
  if (attributes === earlier.attributes) return earlier.signs
  let signs = 0
  for (const name of attributes.keys()) signs |= signsOfName(name)
  earlier = latest
  latest = { attributes, signs }
  return signs
}
