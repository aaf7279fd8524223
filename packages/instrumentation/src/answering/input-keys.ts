import type { Json } from '@trace2/core'
import { valueHash } from '@trace2/core'
import { Budget } from '../content/budget.ts'
import { capture } from '../content/capture.ts'
import { quoted } from '../content/quoted.ts'
import type { Inputs } from '../operator/roles.ts'

/** An input of a call that is asked for, to be compared with recorded ones. */
export interface AskedInput {
  readonly role: string
  /** As {@link RecordedInputValue.key}. */
  readonly key: string | null
  readonly shown: Json
}

/** The key of an input of which the span has the value, or at least the hash. */
export function inputKey(fidelity: string, hash: string | undefined): string | null {
  if (hash === undefined) return null
  if (fidelity === 'described') return `described:${hash}`
  return fidelity === 'exact' || fidelity === 'incomplete' ? `exact:${hash}` : null
}

/** The inputs of a call with their keys: what the recorder writes of them, if nothing is withheld, says which are equal. */
export function askedInputs(
  operator: string,
  { roles, plain, omitted = 0 }: Inputs,
  maxValueLength: number,
): AskedInput[] {
  const content = { captureContent: true, mask: undefined, maxValueLength }
  const budget = new Budget(maxValueLength)
  const asked: AskedInput[] = []
  for (const [index, role] of roles.entries()) {
    const value = plain[index]
    if (value === undefined) continue
    if (typeof value === 'function') {
      asked.push({ role, key: null, shown: '[function]' })
      continue
    }
    const context = { operator, direction: 'input', role } as const
    const { written, hash, fidelity } = capture(value, content, budget, context)
    const json = written && (written.isString ? quoted(written.text) : written.text)
    const shown: Json = json === undefined ? null : JSON.parse(json)
    asked.push({ role, key: inputKey(fidelity, hash ?? valueHash(shown)), shown })
  }
  if (omitted > 0) asked.push({ role: '…', key: null, shown: `${omitted} more` })
  return asked
}
