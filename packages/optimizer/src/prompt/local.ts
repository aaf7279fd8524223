import { aliasOf, identifier } from '@trace2/core'
import type { Tokenizer } from '@trace2/evaluation/prompt'
import { excerpt, type Fence, fenceFor, termsOf } from '@trace2/evaluation/prompt'
import { aliasElement } from './aliases.ts'
import type { Piece } from './assemble.ts'
import { attemptPieces } from './attempts.ts'
import { fenceText } from './instruction.ts'
import type { Problem } from './problem.ts'
import { band, rankOf } from './rank.ts'
import { promptOf, type RenderedPrompt, requireFeedback, variablePieces } from './render.ts'
import { contentsOf } from './shared.ts'

/** One use of a variable: the operator's other inputs, its output, and what is to be different about the variable. */
export interface LocalExample {
  readonly run: number
  /** The run and the feedback that it comes from, by their ids. */
  readonly from: { readonly run: string; readonly feedback: readonly string[] }
  readonly inputs: readonly { readonly role: string; readonly text: string }[]
  readonly output: { readonly name: string; readonly text: string }
  readonly feedback: string
}

const firstForm = 400

/** Writes the update of a variable from criticism of its uses, within the same budget and fences as a whole problem. */
export function renderLocal(
  problem: Problem,
  examples: readonly LocalExample[],
  { maxTokens, tokenizer }: { readonly maxTokens: number; readonly tokenizer: Tokenizer },
): RenderedPrompt {
  const fence = fenceFor([
    ...contentsOf(problem),
    ...examples.flatMap(({ inputs, output, feedback }) => [
      ...inputs.flatMap(({ role, text }) => [role, text]),
      output.text,
      feedback,
    ]),
  ])
  const attempts = attemptPieces(problem.attempts ?? [], fence)
  const sections = [
    'Instruction',
    'Variables',
    ...(attempts.length > 0 ? ['Attempts'] : []),
    'Inputs',
    'Outputs',
    'Feedback',
  ]
  const instruction: Piece = {
    section: 'Instruction',
    place: [0],
    steps: [{ rank: 0, text: () => instructionText(problem, fence.token) }],
  }
  const pieces = [
    instruction,
    ...variablePieces(problem, fence),
    ...attempts,
    ...examples.flatMap((example, at) => examplePieces(example, at, fence)),
  ]
  const prompt = promptOf(sections, pieces, fence, maxTokens, tokenizer)
  requireFeedback(prompt, pieces, maxTokens)
  return prompt
}

function examplePieces(example: LocalExample, at: number, fence: Fence): Piece[] {
  const terms = termsOf([example.feedback])
  const piece = (
    section: string,
    minor: number,
    element: (text: string) => string,
    all: string,
  ) => ({
    section,
    place: [at, minor],
    about: { runs: [example.from.run], feedback: example.from.feedback },
    steps: [
      { rank: rankOf(band.run, at, minor), text: () => element(excerpt(all, firstForm, terms)) },
      { rank: rankOf(band.detail, at, minor), text: () => element(all) },
    ],
  })
  const { run } = example
  return [
    piece(
      'Feedback',
      0,
      (text) => fence.element('feedback', { run, name: 'criticism' }, text),
      example.feedback,
    ),
    piece(
      'Outputs',
      1,
      (text) => fence.element('output', { run, name: example.output.name }, text),
      example.output.text,
    ),
    ...example.inputs.map(({ role, text }, input) =>
      piece('Inputs', 2 + input, (shown) => inputElement(fence, run, role, shown), text),
    ),
  ]
}

/** Criticism of single uses has no section for what operators are called: the name stands with the input. */
function inputElement(fence: Fence, run: number, role: string, shown: string): string {
  const alias = aliasOf(role, 'input')
  const name = alias === undefined ? '' : aliasElement({ alias, name: role }, fence)
  return name + fence.element('input', { run, role: identifier(role, 'input') }, shown)
}

function instructionText({ objective }: Problem, fence: string): string {
  return `You rewrite a variable of a program. In each run an operator used it together with the inputs shown and gave the output; the feedback says what should be different about the variable.
${fenceText(fence)}Objective: ${objective}
Find what the criticisms have in common, weigh them where they conflict, and change the variable so that it deserves none of them. Do not quote single runs, and keep what is not criticized.
Answer with a JSON object: "reasoning", in a few sentences; "suggestion", an object with the new value under the variable's exact name, of its exact type and within its constraint; leave it out if the variable should stay.
`
}
