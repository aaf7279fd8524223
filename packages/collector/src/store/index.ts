export type { Message, ToolCall } from '../canonical/messages.ts'
export { type ModelRequest, modelRequest, type ToolDefinition } from '../canonical/model-request.ts'
export * from '../graph/graph.ts'
export { graphHash } from '../graph/graph-hash.ts'
export { deferredStore } from './deferred.ts'
export * from './evaluation.ts'
export * from './evaluation-store.ts'
export {
  type DeclaredIn,
  type FeedbackName,
  normalizedScore,
  rankedNames,
} from './feedback-name.ts'
export { openStore } from './open.ts'
export { proposalClosed } from './proposal-closed.ts'
export * from './store.ts'
