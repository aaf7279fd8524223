import { choicesIn } from '../follow/choose.ts'
import { parseInstructions } from '../follow/parse.ts'
import { overlap, subjectWords } from '../words.ts'
import { isCode } from './code-source.ts'
import type { Problem, Variable } from './prompt.ts'
import type { RequestedChange } from './requested-change.ts'

/**
 * Which variable a change concerns: the one whose name, description and value share most words with the feedback,
 * with a preference for one that went straight into the value judged, for a prompt that allows the expected answer
 * and, where a direction is named, for a number.
 */
export function assign(
  change: RequestedChange,
  { variables, uses }: Pick<Problem, 'variables' | 'uses'>,
): Variable | undefined {
  const used = uses.get(change.remark.on)
  const said = subjectWords(`${change.remark.name} ${change.remark.words}`)
  let best: Variable | undefined
  let most = Number.NEGATIVE_INFINITY
  for (const variable of variables) {
    const described = subjectWords(
      `${variable.name.replace(/[._/-]/g, ' ')} ${variable.constraint} ${variable.value}`,
    )
    const shared = overlap(said, described)
    const direct = used?.has(variable.name) ? 3 : 0
    const score = shared + direct + fitness(change, variable, shared > 0)
    if (score > most) {
      most = score
      best = variable
    }
  }
  return best
}

function fitness(change: RequestedChange, variable: Variable, related: boolean): number {
  if (isNumber(variable)) {
    if (change.direction !== 0) return related ? 4 : 1
    return change.numbers.length > 0 && change.demands.length === 0 ? 0 : -10
  }
  if (change.direction !== 0) return -2
  if (change.expected === undefined || isCode(variable)) return 0
  return allows(variable, change.expected) ? 6 : -4
}

/** Whether a variable's value is a number. */
export function isNumber({ type, schema }: Variable): boolean {
  return (
    /^(?:number|integer|int|float)$/.test(type) || /^(?:number|integer)$/.test(String(schema.type))
  )
}

function allows(variable: Variable, answer: string): boolean {
  const wanted = answer.toLowerCase()
  if (Array.isArray(variable.schema.enum)) {
    return variable.schema.enum.some((value) => String(value).toLowerCase() === wanted)
  }
  return answersIn(variable.value).some((allowed) => allowed.toLowerCase() === wanted)
}

/** The answers that a prompt allows. */
export function answersIn(prompt: string): string[] {
  return choicesIn(parseInstructions(prompt))
}
