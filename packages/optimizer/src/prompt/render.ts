import { parameterLabel, showValue } from '@trace2/core'
import type { Tokenizer } from '@trace2/evaluation/prompt'
import { type Fence, fenceFor } from '@trace2/evaluation/prompt'
import { raise } from '../errors.ts'
import { SECTIONS, type Section } from '../sections.ts'
import { typeName } from '../values/index.ts'
import { aliasPieces } from './aliases.ts'
import { assemble, type Piece, REQUIRED } from './assemble.ts'
import { attemptPieces } from './attempts.ts'
import { dataPieces } from './data.ts'
import { instructionText, systemText } from './instruction.ts'
import { measurePieces } from './measures.ts'
import type { Problem } from './problem.ts'
import { bySection, contentsOf, overheadOf } from './shared.ts'
import { codePieces, documentationPieces } from './structure.ts'

/** A prompt that fits, and what it had to leave out. */
export interface RenderedPrompt {
  /** The system message. */
  readonly system: string
  /** The user message. */
  readonly user: string
  /** Token that both tags of every data element carry. */
  readonly fence: string
  /** Tokens of both messages together, including what the chat format adds. */
  readonly tokens: number
  /** What did not fit. */
  readonly omitted: Omitted
  /** The runs and feedback that the prompt shows. */
  readonly seen: Seen
  /** The runs and feedback that there were to show. */
  readonly given: Seen
}

/**
 * The ids of the feedback that a prompt shows, and of the runs with this feedback. If it shows no feedback, the ids of
 * all runs that it shows.
 */
export interface Seen {
  readonly runs: readonly string[]
  readonly feedback: readonly string[]
}

/** How much of the problem the prompt does not show, per section: entries left out, entries shortened. */
export interface Omitted {
  readonly leftOut: { readonly [section: string]: number }
  readonly shortened: { readonly [section: string]: number }
}

export interface RenderOptions {
  /** Tokens that the prompt may have. */
  readonly maxTokens: number
  readonly tokenizer: Tokenizer
  /** Sections to leave out, for ablations and for optimizers that do without them. */
  readonly masked?: readonly Section[]
  /** Whether the question is about the attempts, so that none may be left out. */
  readonly attemptsRequired?: boolean
  /** The words of the section "Instruction". Default: OptoPrime's, asking for JSON. */
  readonly instruction?: (problem: Problem, fence: string) => string
}

/**
 * Writes an OptoPrime problem (Cheng, Nie and Swaminathan, arXiv 2406.16218, section 4) within a hard limit of tokens.
 * Nodes on a path from the variables to the feedback take precedence over the blanket. Structure and documentation are
 * written once per group of runs, equal values once. Long values are shortened around what the feedback mentions.
 *
 * @throws `T2_PROMPT_BUDGET` if the variables and the instruction alone do not fit.
 */
export function renderProblem(problem: Problem, options: RenderOptions): RenderedPrompt {
  const { maxTokens, tokenizer, masked = [], instruction = instructionText } = options
  const fence = fenceFor(contentsOf(problem))
  const attempts = attemptPieces(problem.attempts ?? [], fence, options.attemptsRequired)
  const sections = SECTIONS.filter(
    (section) => !masked.includes(section) && (section !== 'Attempts' || attempts.length > 0),
  )
  const pieces = [
    instructionPiece(problem, instruction(problem, fence.token), fence),
    ...codePieces(problem.batch),
    ...aliasPieces(problem, fence),
    ...documentationPieces(problem.batch, fence),
    ...variablePieces(problem, fence),
    ...attempts,
    ...measurePieces(problem.batch, problem.measures, fence),
    ...dataPieces(problem, fence),
  ].filter(({ section }) => sections.some((shown) => shown === section))
  const prompt = promptOf(sections, pieces, fence, maxTokens, tokenizer)
  if (!options.attemptsRequired) requireFeedback(prompt, pieces, maxTokens)
  return prompt
}

/** A question about feedback that shows none is not worth its price. */
export function requireFeedback(
  { seen }: RenderedPrompt,
  pieces: readonly Piece[],
  maxTokens: number,
): void {
  const given = pieces.filter(({ section, about }) => section === 'Feedback' && about).length
  if (given === 0 || seen.feedback.length > 0) return
  throw raise(
    'T2_PROMPT_BUDGET',
    `Beside the variables, ${maxTokens} tokens leave no room for any of ${given} pieces of feedback.`,
  )
}

/** Puts pieces together within a budget that counts the system message too. */
export function promptOf(
  sections: readonly string[],
  pieces: readonly Piece[],
  fence: Fence,
  maxTokens: number,
  tokenizer: Tokenizer,
): RenderedPrompt {
  const overhead = overheadOf(tokenizer)
  const { text, tokens, shown, omitted, shortened } = assemble(
    sections,
    pieces,
    maxTokens,
    tokenizer,
    overhead,
  )
  return {
    system: systemText,
    user: text,
    fence: fence.token,
    tokens,
    omitted: { leftOut: bySection(omitted), shortened: bySection(shortened) },
    seen: seenIn(shown, sections.includes('Feedback')),
    given: seenIn(pieces, sections.includes('Feedback')),
  }
}

function seenIn(pieces: readonly Piece[], showsFeedback: boolean): Seen {
  const telling = showsFeedback ? pieces.filter(({ section }) => section === 'Feedback') : pieces
  return unionOf(telling.flatMap(({ about }) => about ?? []))
}

/** What several prompts together show. */
export function unionOf(seen: readonly Seen[]): Seen {
  return {
    runs: [...new Set(seen.flatMap(({ runs }) => runs))],
    feedback: [...new Set(seen.flatMap(({ feedback }) => feedback))],
  }
}

function instructionPiece(problem: Problem, text: string, fence: Fence): Piece {
  const context = problem.context ? fence.element('context', {}, problem.context) : ''
  return {
    section: 'Instruction',
    place: [0],
    steps: [{ rank: REQUIRED, text: () => text + context }],
  }
}

/** The variables with their constraints: whole, or no prompt. */
export function variablePieces(problem: Problem, fence: Fence): Piece[] {
  return problem.variables.map((variable, at) => {
    const { value, description, schema } = variable
    const name = parameterLabel(variable.name)
    const type = typeName(variable)
    const constraint = [
      description,
      schema === null ? '' : `JSON schema: ${JSON.stringify(schema)}`,
    ].filter((line) => line !== '')
    const text =
      fence.element('variable', { name, type }, showValue(value)) +
      (constraint.length > 0 ? fence.element('constraint', { name }, constraint.join('\n')) : '')
    return {
      section: 'Variables',
      place: [at],
      steps: [{ rank: REQUIRED, text: () => text }],
    }
  })
}
