import { PREFIX_INPUT_HASH, PREFIX_INPUT_TEMPLATE, PREFIX_PARAM_VERSION } from '@trace2/core'
import { memoizeByName } from '../memoize-by-name.ts'
import type { Attributes } from '../otlp/index.ts'
import { dialects, type Field, parsedKey } from './dialects/index.ts'

/** Fields of the dialects' tables, each with the bit that announces it. */
const fieldFlags = {
  callId: 1 << 8,
  model: 1 << 9,
  provider: 1 << 10,
  inputTokens: 1 << 11,
  outputTokens: 1 << 12,
  costUsd: 1 << 13,
  session: 1 << 14,
  user: 1 << 15,
  cacheReadTokens: 1 << 16,
  cacheWriteTokens: 1 << 17,
  reasoningTokens: 1 << 18,
  input: 1 << 19,
  output: 1 << 20,
  system: 1 << 21,
  tools: 1 << 22,
  toolDescription: 1 << 23,
  template: 1 << 24,
  variables: 1 << 25,
  promptName: 1 << 26,
  caller: 1 << 27,
  totalTokens: 1 << 28,
  responseId: 1 << 29,
} as const satisfies Record<Field, number>

/**
 * What attributes announce by their names, as bits. Almost every span passes by almost every rule; this tells which
 * rules have anything to read without trying each.
 */
export const attributeFlag = {
  annotation: 1 << 0,
  reward: 1 << 1,
  verdict: 1 << 2,
  inputHash: 1 << 3,
  inputTemplate: 1 << 4,
  parameter: 1 << 5,
  ...fieldFlags,
} as const

const prefixes: [prefix: string, bits: number][] = [
  ['annotations.', attributeFlag.annotation],
  ['evaluations.', attributeFlag.annotation],
  ['trace.annotations.', attributeFlag.annotation],
  ['trace.evaluations.', attributeFlag.annotation],
  ['agentlightning.reward.', attributeFlag.reward],
  ['eval.', attributeFlag.verdict],
  [PREFIX_INPUT_HASH, attributeFlag.inputHash],
  [PREFIX_INPUT_TEMPLATE, attributeFlag.inputTemplate],
  [PREFIX_PARAM_VERSION, attributeFlag.parameter],
]
const exact = new Map<string, number>()
const mark = (name: string, bits: number) => exact.set(name, (exact.get(name) ?? 0) | bits)
for (const { fields, own } of dialects) {
  for (const [field, bits] of Object.entries(fieldFlags)) {
    const name = field as keyof typeof fieldFlags
    for (const key of [...(fields[name] ?? []), ...(own?.[name] ?? [])]) {
      const { attribute, under } = parsedKey(key)
      if (typeof under === 'object') for (const one of under) mark(`${attribute}.${one}`, bits)
      else if (under) prefixes.push([`${attribute}.`, bits])
      if (under === 'indexed' || !under) mark(attribute, bits)
    }
  }
}

const flagsOfName = memoizeByName((name) => {
  let bits = exact.get(name) ?? 0
  for (const [prefix, bit] of prefixes) if (name.startsWith(prefix)) bits |= bit
  return bits
})

// One rule after the other asks of the same span, and of what it says together with its events.
let latest: Asked = { attributes: new Map(), flags: 0 }
let earlier = latest

interface Asked {
  readonly attributes: Attributes
  readonly flags: number
}

/** The {@link attributeFlag}s of all attributes together. */
export function attributeFlagsOf(attributes: Attributes): number {
  if (attributes === latest.attributes) return latest.flags
  if (attributes === earlier.attributes) return earlier.flags
  const flags = flagsOf(attributes)
  earlier = latest
  latest = { attributes, flags }
  return flags
}

const ofResources = new WeakMap<Attributes, number>()

/** The {@link attributeFlag}s of a resource: one serves all spans of a request, and is looked through once. */
export function resourceFlagsOf(attributes: Attributes): number {
  const known = ofResources.get(attributes)
  if (known !== undefined) return known
  const flags = flagsOf(attributes)
  ofResources.set(attributes, flags)
  return flags
}

function flagsOf(attributes: Attributes): number {
  let flags = 0
  for (const name of attributes.keys()) flags |= flagsOfName(name)
  return flags
}
