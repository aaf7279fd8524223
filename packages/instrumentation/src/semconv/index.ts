export type { Choice, ParametersDocument } from '../parameter/choices.ts'
export {
  type DocumentText,
  decodeDocument,
  longestDocument,
  parseDocument,
} from '../parameter/document.ts'
export * from './attributes.ts'
export { canonicalJson, type Json } from './canonical.ts'
export { counted, formatCount } from './counted.ts'
export { type ErrorEntry, errorCatalogue, Trace2Error } from './errors.ts'
export {
  type FeedbackDeclaration,
  type FeedbackDirection,
  type FeedbackScale,
  readFeedbackDeclaration,
} from './feedback-declaration.ts'
export { parameterVersion, sourceHash, valueHash } from './hash.ts'
export {
  type EdgeKind,
  edgeKinds,
  formatInput,
  isParameterName,
  type Origin,
  parseInput,
  parseParameterKey,
  pointerToken,
  type RecordedEdgeKind,
  type RecordedInput,
  resolvePointer,
} from './reference.ts'
export { sha256 } from './sha256.ts'
