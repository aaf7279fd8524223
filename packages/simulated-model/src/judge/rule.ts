import { strength } from '../follow/condition.ts'
import { parseDemand } from '../follow/demand.ts'
import { findField } from '../follow/fields.ts'
import type { Condition, Demand } from '../follow/instruction.ts'
import { parseCondition } from '../follow/parse.ts'
import { fits } from '../follow/write.ts'
import { imperative } from '../improve/requested-change.ts'
import { matchAroundQuotes } from '../quotes.ts'
import { mentions, overlap, subjectWords, words } from '../words.ts'
import type { Judgement } from './prompt.ts'

/** One explicit rule of a rubric. */
export interface Rule {
  /** The rule in the rubric's own words. */
  readonly text: string
  readonly condition: Condition | undefined
  readonly demand: Demand | 'reference' | 'json'
}

/** Reads a statement of a rubric; `undefined` where it is no rule that can be checked. */
export function parseRule(statement: string): Rule | undefined {
  const [head, tail] =
    matchAroundQuotes(/^(?:if|when|where)\s+(.+?),\s*(?:then\s+)?(.+)$/di, statement) ?? []
  const condition = head === undefined ? undefined : parseCondition(head)
  if (head !== undefined && condition === undefined) return undefined
  const demand = demandOf(tail ?? statement)
  return demand && { text: statement, condition, demand }
}

function demandOf(clause: string): Rule['demand'] | undefined {
  if (/\b(?:reference|expected (?:answer|output|reply))\b/i.test(clause)) return 'reference'
  if (/\b(?:be|is|as)\s+(?:valid\s+)?JSON\b/i.test(clause)) return 'json'
  const order = imperative(clause)?.replace(/^(?:always )?be(?= ["“'`])/i, 'answer')
  return (order === undefined ? undefined : parseDemand(order)) ?? parseDemand(clause)
}

/** How far an output keeps to a rule, from 0 to 1; `undefined` where the rule does not apply or cannot be checked. */
export function kept({ condition, demand }: Rule, judgement: Judgement): number | undefined {
  const { input, output } = judgement
  if (condition && strength(condition, input) === 0) return undefined
  if (demand === 'reference') return agreement(judgement)
  if (demand === 'json') return Number(isJson(output))
  switch (demand.kind) {
    case 'say':
      return Number(mentions(output, demand.text))
    case 'avoid':
      return Number(!mentions(output, demand.text))
    case 'answer':
      return Number(plain(output) === plain(demand.text))
    case 'start':
      return Number(output.trimStart().toLowerCase().startsWith(demand.text.toLowerCase()))
    case 'end':
      return Number(plain(output).endsWith(plain(demand.text)))
    case 'limit':
      return Number(fits(output, [demand]))
    case 'field':
      return includesField(judgement, demand.name)
    case 'greet':
      return includesField(judgement, /\bname\b/i.test(demand.name) ? 'customer name' : demand.name)
    case 'style':
    case 'tool':
      return undefined
  }
}

function includesField({ input, output }: Judgement, name: string): number | undefined {
  const field = findField(input, name)
  return field && Number(output.toLowerCase().includes(field.value.toLowerCase()))
}

/** Equal texts agree; else the share of the reference's subject words that the output has. */
export function agreement({ output, reference }: Judgement): number | undefined {
  if (reference === undefined) return undefined
  if (plain(output) === plain(reference)) return 1
  const wanted = subjectWords(reference)
  return wanted.size === 0 ? 0 : 0.9 * (overlap(subjectWords(output), wanted) / wanted.size)
}

function plain(text: string): string {
  return words(text).join(' ')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
