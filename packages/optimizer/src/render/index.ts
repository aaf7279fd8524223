export { renderDot } from './dot.ts'
export { renderMermaid } from './mermaid.ts'
export { nodeNames } from './names.ts'
export { printable, printableJson, printableLines } from './printable.ts'
export { renderText, type TextOptions } from './text.ts'
export {
  type BackwardView,
  feedbackTitle,
  formatDuration,
  formatScore,
  type Paint,
  type ReachedParameter,
  type RenderOptions,
  type Tone,
  type UnreachedParameter,
} from './view.ts'
export { displayWidth, padded, shorten, wrapped } from './width.ts'
