export type { BackwardPass, ReachedParameter } from './backward-pass.ts'
export { commandLines } from './command-lines.ts'
export { renderDot } from './dot.ts'
export { renderMermaid } from './mermaid.ts'
export { nodeNames } from './names.ts'
export { renderText, type TextOptions } from './text.ts'
export { renderValueDiff, type ValueDiffOptions } from './value-diff.ts'
export {
  feedbackTitle,
  formatDuration,
  formatScore,
  type Paint,
  type RenderOptions,
  type Tone,
} from './view.ts'
export { displayWidth, padded, shorten, wrapped } from './width.ts'
