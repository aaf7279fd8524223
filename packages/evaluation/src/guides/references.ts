import { type Json, valueHash } from '@trace2/core'
import { raise } from '../errors.ts'
import { schemaFault } from '../values/index.ts'
import type { Subject } from './guide.ts'

/** What should have come out: of one run, or of every run that was given this input. */
export type Reference =
  | { readonly run: string; readonly reference: Json }
  | { readonly input: Json; readonly reference: Json }

/** Finds the reference of what came out of a run; `undefined` where there is none. */
export type FindReference = (run: string, input: Subject['input']) => Json | undefined

/**
 * Makes an index over references. A reference for the run itself takes precedence over one for its input. An input
 * matches if it equals all inputs by their roles, or the only input.
 */
export function referenceIndex(references: readonly Reference[]): FindReference {
  const byRun = new Map<string, Json>()
  const byInput = new Map<string, Json>()
  for (const one of references) {
    if ('run' in one) byRun.set(one.run, one.reference)
    else byInput.set(valueHash(one.input), one.reference)
  }
  return (run, input) => {
    const own = byRun.get(run)
    if (own !== undefined || byInput.size === 0) return own
    const [only, ...others] = Object.values(input)
    const alone =
      only !== undefined && others.length === 0 ? byInput.get(valueHash(only)) : undefined
    return byInput.get(valueHash(input)) ?? alone
  }
}

const referencesSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: { run: { type: 'string' }, input: true, reference: true },
    required: ['reference'],
    oneOf: [{ required: ['run'] }, { required: ['input'] }],
    additionalProperties: false,
  },
} as const

/**
 * Reads references from parsed JSON.
 *
 * @throws `T2_REFERENCES_INVALID`
 */
export function readReferences(json: Json): readonly Reference[] {
  assertReferences(json)
  return json
}

function assertReferences(json: Json): asserts json is readonly (Reference & Json)[] {
  const fault = schemaFault(referencesSchema, json)
  if (fault !== undefined) {
    throw raise('T2_REFERENCES_INVALID', `The references are not valid: ${fault}`)
  }
}
