import { parseDemand } from '../follow/demand.ts'
import type { Demand, Instruction } from '../follow/instruction.ts'
import { parseInstructions, parseStatement } from '../follow/parse.ts'
import { countTokens } from '../tokens.ts'
import { words } from '../words.ts'
import { answersIn } from './assign.ts'
import { findRules, type Labelled, type Rules } from './cues.ts'
import type { Variable } from './prompt.ts'
import type { RequestedChange } from './requested-change.ts'

/**
 * Writes what the feedback asks for into a prompt as explicit lines: answer rules, merged with the rules that are
 * there, and demands, each once. Lines that would break the variable's own "at most N words" are left out.
 */
export function improvePrompt(
  { value, constraint }: Variable,
  changes: readonly RequestedChange[],
  praised: readonly Labelled[],
): string {
  const corrected = changes.flatMap(({ expected, input }) =>
    expected === undefined ? [] : [{ input, label: expected }],
  )
  const allowed = new Map(answersIn(value).map((answer) => [answer.toLowerCase(), answer]))
  const answered = changes.map((change) => ({
    ...change,
    expected: allowed.get(change.expected?.toLowerCase() ?? ''),
  }))
  let text = mergeRules(value, findRules(answered, [...corrected, ...praised]), constraint)
  for (const demand of demandsOf(changes)) {
    const merged = mergeDemand(text, demand)
    if (fits(merged, constraint)) text = merged
  }
  return text
}

function demandsOf(changes: readonly RequestedChange[]): string[] {
  const demands = changes.flatMap((change) => change.demands)
  for (const style of new Set(changes.flatMap((change) => [...change.styles]))) {
    if (demands.length === 0) demands.push(style === 'concise' ? 'Be concise.' : 'Be professional.')
  }
  return [...new Set(demands)].filter((demand) => parseDemand(demand)?.kind !== 'answer')
}

function mergeRules(value: string, rules: Rules, constraint: string): string {
  let lines = value.split('\n')
  const subject =
    /\b(ticket|message|email|e-mail|question|review|request|document|comment|note)\b/i.exec(
      value,
    )?.[1] ?? 'text'
  for (const [label, terms] of rules) {
    if (terms.length === 0) continue
    const at = lines.findIndex((line) => ruleFor(line)?.label.toLowerCase() === label.toLowerCase())
    const present = ruleFor(lines[at] ?? '')?.terms ?? []
    const all = [...present, ...terms.filter((term) => !present.includes(term))]
    const rule = `- If the ${subject.toLowerCase()} mentions ${either(all)}, answer "${label}".`
    const changed = at < 0 ? [...lines, rule] : lines.with(at, rule)
    if (fits(changed.join('\n'), constraint)) lines = changed
  }
  return lines.join('\n')
}

function ruleFor(line: string): { label: string; terms: readonly string[] } | undefined {
  const [rule, second]: readonly Instruction[] = parseInstructions(line)
  if (second || rule?.kind !== 'when' || rule.demand.kind !== 'answer') return undefined
  const { condition, demand } = rule
  if (condition.negated || condition.all) return undefined
  return { label: demand.text, terms: condition.terms }
}

function either(terms: readonly string[]): string {
  const named = terms.map((term) => `"${term}"`)
  return named.length < 2 ? named.join() : `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`
}

/** Adds a demand, or replaces the line that makes the same demand in another measure. */
function mergeDemand(text: string, demand: string): string {
  const wanted = parseDemand(demand)
  if (!wanted) return text
  const lines = text.split('\n')
  const at = lines.findIndex((line) =>
    parseStatement(line.replace(/^\s*[-*]\s+/, '')).some((present) => isSame(present, wanted)),
  )
  if (at < 0) return [...lines, `- ${demand}`].join('\n')
  const present = parseStatement((lines[at] ?? '').replace(/^\s*[-*]\s+/, ''))
  const only = present.length === 1 ? present[0] : undefined
  if (wanted.kind !== 'limit' || only?.kind !== 'limit' || only.count <= wanted.count) return text
  return lines.with(at, `- ${demand}`).join('\n')
}

function isSame(present: Instruction, wanted: Demand): boolean {
  if (present.kind !== wanted.kind) return false
  if (present.kind === 'limit' && wanted.kind === 'limit') return present.unit === wanted.unit
  return JSON.stringify(present).toLowerCase() === JSON.stringify(wanted).toLowerCase()
}

function fits(text: string, constraint: string): boolean {
  const tokens = /\bat most (\d+) tokens\b/i.exec(constraint)?.[1]
  if (tokens !== undefined && countTokens(text) > Number(tokens)) return false
  return parseInstructions(constraint).every(
    (limit) =>
      limit.kind !== 'limit' || limit.unit !== 'words' || words(text).length <= limit.count,
  )
}
