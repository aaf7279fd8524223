import { showValue } from '../text/show.ts'
import { typeName } from '../values/type-name.ts'
import { assemble, type Piece, REQUIRED } from './assemble.ts'
import { dataPieces } from './data.ts'
import { type Fence, fenceFor } from './fence.ts'
import { instructionText, systemText } from './instruction.ts'
import { type Problem, SECTIONS, sectionAt } from './problem.ts'
import { codePieces, documentationPieces } from './structure.ts'
import type { Tokenizer } from './tokens.ts'

/** A prompt that fits, and what it had to leave out. */
export interface RenderedPrompt {
  readonly system: string
  readonly user: string
  /** Of both messages together, with what the chat format adds to them. */
  readonly tokens: number
  readonly omitted: Omitted
}

/** How much of the problem the prompt does not show, per section: entries left out, entries shortened. */
export interface Omitted {
  readonly leftOut: { readonly [section: string]: number }
  readonly shortened: { readonly [section: string]: number }
}

/** Tokens that the chat format adds to each message and to the answer's start. */
const perMessage = 4
const perChat = 3

/**
 * Writes an OptoPrime problem (Cheng, Nie and Swaminathan, arXiv 2406.16218, section 4) within a hard budget of
 * tokens. What lies on the way from the variables to the feedback outranks the blanket; structure and documentation
 * are written once per group of runs, equal values once; long values are shortened around what the feedback mentions.
 *
 * @throws `T2_PROMPT_BUDGET` where the variables and the instruction alone do not fit.
 */
export function renderProblem(
  problem: Problem,
  options: { readonly maxTokens: number; readonly tokenizer: Tokenizer },
): RenderedPrompt {
  const { maxTokens, tokenizer } = options
  const fence = fenceFor(contentsOf(problem))
  const overhead = tokenizer.count(systemText) + 2 * perMessage + perChat
  const headings = SECTIONS.map((section) => `# ${section}\n`)
  const pieces = [
    instructionPiece(problem, fence),
    ...codePieces(problem.batch),
    ...documentationPieces(problem.batch, fence),
    ...variablePieces(problem, fence),
    ...dataPieces(problem.batch, fence),
  ]
  const { text, tokens, omitted, shortened } = assemble(
    headings,
    pieces,
    maxTokens - overhead,
    tokenizer,
  )
  return {
    system: systemText,
    user: text,
    tokens: tokens + overhead,
    omitted: { leftOut: bySection(omitted), shortened: bySection(shortened) },
  }
}

function instructionPiece(problem: Problem, fence: Fence): Piece {
  const text = instructionText(problem, fence.token)
  const context = problem.context ? fence.element('context', {}, problem.context) : ''
  return {
    section: sectionAt('Instruction'),
    place: [0],
    steps: [{ rank: REQUIRED, text: () => text + context }],
  }
}

/** The variables with their constraints: whole, or no prompt. */
function variablePieces(problem: Problem, fence: Fence): Piece[] {
  return problem.variables.map((variable, at) => {
    const { name, value, description, schema } = variable
    const type = typeName(variable)
    const constraint = [
      description,
      schema === null ? '' : `JSON schema: ${JSON.stringify(schema)}`,
    ].filter((line) => line !== '')
    const text =
      fence.element('variable', { name, type }, showValue(value)) +
      (constraint.length > 0 ? fence.element('constraint', { name }, constraint.join('\n')) : '')
    return {
      section: sectionAt('Variables'),
      place: [at],
      steps: [{ rank: REQUIRED, text: () => text }],
    }
  })
}

/** Everything from outside that may come to stand in the prompt, for the choice of the fence. */
function contentsOf(problem: Problem): string[] {
  const contents = [problem.context ?? '']
  for (const { name, value, description, schema } of problem.variables) {
    contents.push(name, showValue(value), description, JSON.stringify(schema))
  }
  for (const run of problem.batch.runs) {
    for (const { node } of run.shape.nodes) {
      contents.push(showValue(node.value))
      if (node.kind === 'parameter' || node.kind === 'input') continue
      contents.push(node.op, node.description, node.errorFrame ?? '')
      contents.push(...Object.values(node.templates))
    }
    for (const { feedback } of run.feedback) {
      contents.push(feedback.name, feedback.label ?? '', feedback.comment ?? '')
    }
  }
  return contents
}

function bySection(pieces: readonly Piece[]): { readonly [section: string]: number } {
  const counts: { [section: string]: number } = {}
  for (const { section } of pieces) {
    const name = SECTIONS[section] ?? ''
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
