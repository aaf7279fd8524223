import { showValue } from '@trace2/core'
import type { Tokenizer } from '@trace2/evaluation/prompt'
import type { Piece } from './assemble.ts'
import { systemText } from './instruction.ts'
import type { Problem } from './problem.ts'
import { shownText } from './shown-values.ts'

/** Tokens that the chat format adds to each message and to the answer's start. */
const perMessage = 4
const perChat = 3

/** Tokens of a prompt beside its user message's text. */
export function overheadOf(tokenizer: Tokenizer): number {
  return tokenizer.count(systemText) + 2 * perMessage + perChat
}

/** Everything from outside that may come to stand in the prompt, for the choice of the fence. */
export function contentsOf(problem: Problem): string[] {
  const contents = [problem.context ?? '']
  for (const { name, value, description, schema } of problem.variables) {
    contents.push(name, showValue(value), description, JSON.stringify(schema))
  }
  for (const { values, note } of problem.attempts ?? []) {
    contents.push(note, ...values.keys(), ...[...values.values()].map(showValue))
  }
  for (const { name, scale } of problem.measures?.names.values() ?? []) {
    contents.push(name, ...(scale ?? []).map(String))
  }
  for (const run of problem.batch.runs) {
    for (const { role, pointer } of run.shape.edges) contents.push(role, pointer)
    for (const [at, { node }] of run.shape.nodes.entries()) {
      contents.push(showValue(node.value), shownText(run.shape, at))
      if (node.kind === 'parameter') contents.push(node.name)
      if (node.kind === 'parameter' || node.kind === 'input') continue
      contents.push(node.op, node.description, node.errorFrame ?? '')
      contents.push(...Object.entries(node.templates).flat())
    }
    for (const { feedback } of run.feedback) {
      contents.push(feedback.name, feedback.label ?? '', feedback.comment ?? '')
    }
  }
  return contents
}

/** How many pieces each section has. */
export function bySection(pieces: readonly Piece[]): { readonly [section: string]: number } {
  const counts: { [section: string]: number } = {}
  for (const { section } of pieces) counts[section] = (counts[section] ?? 0) + 1
  return counts
}
