import type { Tokenizer } from '@trace2/evaluation/prompt'
import { fenceFor } from '@trace2/evaluation/prompt'
import { SECTIONS } from '../sections.ts'
import { instructionText } from './instruction.ts'
import type { Problem, Variable } from './problem.ts'
import { variablePieces } from './render.ts'
import { overheadOf } from './shared.ts'

/** Of what the instruction leaves of a prompt, the share that variables may take: the rest shows what happened. */
const shareOfVariables = 0.75

/**
 * Which of many variables one prompt asks about: in the order given as many as there is room for, and at least the first
 * that fits at all. One that is too long for what is left is passed over, and those after it are still looked at.
 */
export function fittingVariables<V extends Variable>(
  ordered: readonly V[],
  goal: Pick<Problem, 'objective' | 'context'>,
  { maxTokens, tokenizer }: { readonly maxTokens: number; readonly tokenizer: Tokenizer },
): readonly V[] {
  const fence = fenceFor([])
  const asked: Problem = { ...goal, variables: ordered, batch: { groups: [], runs: [] } }
  const fixed = [
    instructionText(asked, fence.token),
    goal.context ?? '',
    ...SECTIONS.map((section) => `# ${section}\n`),
  ]
  const room =
    maxTokens - overheadOf(tokenizer) - fixed.reduce((sum, text) => sum + tokenizer.count(text), 0)
  const taken: V[] = []
  let left = room * shareOfVariables
  for (const [at, piece] of variablePieces(asked, fence).entries()) {
    const variable = ordered[at]
    const text = piece.steps[0]?.text()
    if (!variable || text === undefined) continue
    const tokens = tokenizer.count(text)
    if (tokens > (taken.length === 0 ? room : left)) continue
    taken.push(variable)
    left -= tokens
  }
  return taken.length > 0 ? taken : ordered.slice(0, 1)
}
