export {
  excerpt,
  type Fence,
  fenceFor,
  type Tokenizer,
  termsOf,
  tokenizerFor,
} from '@trace2/evaluation/prompt'
export { SECTIONS, type Section } from '../sections.ts'
export { aliasElement } from './aliases.ts'
export { fittingVariables } from './fitting.ts'
export { elementInstructionText, fenceText, systemText } from './instruction.ts'
export { type LocalExample, renderLocal } from './local.ts'
export { scoreWords } from './measures.ts'
export {
  type Attempt,
  type AttemptScore,
  defaultObjective,
  type Problem,
  type Projection,
  type Variable,
} from './problem.ts'
export {
  type Omitted,
  type RenderedPrompt,
  type RenderOptions,
  renderProblem,
  type Seen,
  unionOf,
} from './render.ts'
export { shownText } from './shown-values.ts'
