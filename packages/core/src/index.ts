export * from './attributes.ts'
export { canonicalJson, type Json } from './canonical.ts'
export { codeFrameOf, markedLines, setCodeFrame } from './code-frame.ts'
export { counted, formatCount } from './counted.ts'
export { type ErrorEntry, errorCatalogue, Trace2Error } from './errors.ts'
export {
  type FeedbackDeclaration,
  type FeedbackDirection,
  type FeedbackScale,
  readFeedbackDeclaration,
} from './feedback-declaration.ts'
export { groupBy } from './group-by.ts'
export { parameterVersion, sourceHash, valueHash } from './hash.ts'
export { parameterBrand } from './parameter-brand.ts'
export {
  type DeclarableKind,
  declarableKinds,
  type ParameterKind,
  type ParameterValue,
  parameterKind,
  parameterKinds,
} from './parameter-value.ts'
export type { Choice, ParametersDocument } from './parameters-document/choices.ts'
export { onlyChoice, type ParameterValues, parseParameters } from './parameters-document/choices.ts'
export {
  type DocumentText,
  decodeDocument,
  longestDocument,
  parseDocument,
  readAnswer,
  readDocument,
} from './parameters-document/document.ts'
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
export { sha256, sha256OfBytes } from './sha256.ts'
export { layout, shared } from './shared.ts'
export type { FeedbackTarget, SpanRef } from './span-ref.ts'
export {
  identifier,
  mentioned,
  parameterLabel,
  printable,
  printableJson,
  printableLines,
  showValue,
  words,
} from './text/index.ts'
