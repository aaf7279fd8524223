import { answersIn, assign, isNumber } from './assign.ts'
import { improveCode } from './code.ts'
import { isCode } from './code-source.ts'
import type { Labelled } from './cues.ts'
import { improveNumber } from './number.ts'
import type { Problem, Variable } from './prompt.ts'
import { improvePrompt } from './prompt-text.ts'
import { type RequestedChange, readRequestedChange } from './requested-change.ts'

/** The optimizer's answer: why, and the new values by variable name. */
export interface Suggestion {
  readonly reasoning: string
  readonly suggestion: Readonly<Record<string, unknown>>
}

/** Improves the variables of a problem by rules; a variable that no feedback concerns keeps its value. */
export function improve(problem: Problem): Suggestion {
  const { variables, examples, remarks, required } = problem
  // Sorted, so that the order of the runs in the prompt decides nothing.
  const changes = remarks
    .map((remark) => readRequestedChange(remark, examples.get(remark.run)))
    .sort((left, right) => compare(left.input, right.input))
  const concerned = new Map<Variable, RequestedChange[]>()
  for (const change of changes) {
    const variable = assign(change, problem)
    if (variable) concerned.set(variable, [...(concerned.get(variable) ?? []), change])
  }
  const reasons: string[] = []
  const suggestion: Record<string, unknown> = {}
  for (const variable of variables) {
    const about = concerned.get(variable) ?? []
    const before = present(variable)
    const value =
      about.length > 0 ? improved(variable, about, praisedIn(variable, changes)) : before
    const changed = JSON.stringify(value) !== JSON.stringify(before)
    if (changed) reasons.push(`${variable.name}: ${count(about)} of the remarks concern it.`)
    if (changed || required.includes(variable.name)) suggestion[variable.name] = value
  }
  const why =
    reasons.length > 0 ? reasons.join(' ') : 'No remark asks for a change that I know to make.'
  return { reasoning: `Simulated optimizer, by rules. ${why}`, suggestion }
}

function improved(
  variable: Variable,
  changes: readonly RequestedChange[],
  praised: readonly Labelled[],
): unknown {
  if (isNumber(variable)) return improveNumber(variable, changes)
  if (variable.type === 'boolean') return improveBoolean(variable, changes)
  if (isCode(variable)) return improveCode(variable.value, changes)
  const { enum: values } = variable.schema
  if (Array.isArray(values)) return improveEnum(values, variable, changes)
  if (variable.type !== 'string') return present(variable)
  return improvePrompt(variable, changes, praised)
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** How many changes have words. */
function count(changes: readonly RequestedChange[]): number {
  return changes.filter(({ remark }) => remark.words.trim() !== '').length
}

/** The value as JSON where its type says so. */
function present(variable: Variable): unknown {
  if (variable.type === 'string' || variable.type === 'code') return variable.value
  try {
    return JSON.parse(variable.value)
  } catch {
    return variable.value
  }
}

function improveEnum(
  values: readonly unknown[],
  variable: Variable,
  changes: readonly RequestedChange[],
): unknown {
  const wanted = changes.map(({ expected }) => expected?.toLowerCase())
  const found = values.find((value) => wanted.includes(String(value).toLowerCase()))
  return found ?? present(variable)
}

function improveBoolean(variable: Variable, changes: readonly RequestedChange[]): unknown {
  const words = changes.map(({ remark }) => remark.words).join(' ')
  if (/\b(?:enable|turn(?:ed)? on|should be true|switch(?:ed)? on)/i.test(words)) return true
  if (/\b(?:disable|turn(?:ed)? off|should be false|switch(?:ed)? off)/i.test(words)) return false
  return present(variable)
}

/** Runs that were praised, with an output that the prompt allows as an answer: they count as known to be right. */
function praisedIn({ value }: Variable, changes: readonly RequestedChange[]): Labelled[] {
  const allowed = answersIn(value).map((answer) => answer.toLowerCase())
  return changes.flatMap(({ remark, input, output, expected }) => {
    if (expected !== undefined || (remark.score ?? 0) < 1) return []
    const label = output.replace(/^"|"$/g, '').toLowerCase()
    return allowed.includes(label) ? [{ input, label }] : []
  })
}
