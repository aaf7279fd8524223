import { sha256 } from '@trace2/core'
import type { Step, Use } from './program.ts'

/** What a step gives: an object, the items of a stream, or the text of one. */
export type Value = string | Made | readonly Made[]

export interface Made {
  readonly text: string
  readonly of: readonly string[]
}

export const agentInput: Made = { text: 'what the agent is asked', of: [] }

/** What a step gives for its inputs, the value of its parameter and what the steps inside it gave. */
export function outputOf(
  { name, form, isDeaf }: Step,
  inputs: readonly unknown[],
  parameter: string | undefined,
  inner: readonly unknown[],
): Value {
  const from = isDeaf ? [] : [inputs, parameter ?? null, inner]
  const digest = sha256(JSON.stringify([name, from])).slice(0, 8)
  const made = (part: string) => ({ text: `${part} of ${name}: ${digest}`, of: [digest] })
  if (form === 'text') return `the words of ${name}: ${digest}`
  return form === 'stream' ? [made('first'), made('second')] : made('result')
}

/** What a step takes of an output. */
export function partOf(value: Value, { part }: Use): unknown {
  if (part === 'whole' || typeof value === 'string') return value
  return 'text' in value ? value.text : value[0]?.text
}
