import type { Json } from '@trace2/core'
import type { TrialTask } from './agent.ts'

/** A trial as an agent in another process reads it: `input` is there where the agent is called with one value. */
export interface TaskDocument {
  readonly input?: Json
  readonly inputs: { readonly [role: string]: Json }
  readonly trial: string
}

export function taskDocument({ id, inputs }: TrialTask): TaskDocument {
  const [only, ...others] = Object.values(inputs)
  const input = only !== undefined && others.length === 0 ? { input: only } : {}
  return { ...input, inputs, trial: id }
}
