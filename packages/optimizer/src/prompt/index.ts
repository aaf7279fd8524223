export { defaultObjective, type Problem, SECTIONS, type Section, type Variable } from './problem.ts'
export { type Omitted, type RenderedPrompt, renderProblem } from './render.ts'
export { type Tokenizer, tokenizerFor } from './tokens.ts'
