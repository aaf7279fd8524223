export {
  ATTR_CODE_FILE,
  ATTR_CODE_FUNCTION,
  ATTR_CODE_LINE,
  ATTR_EVALUATION_EXPLANATION,
  ATTR_EVALUATION_LABEL,
  ATTR_EVALUATION_NAME,
  ATTR_EVALUATION_SCORE,
  ATTR_EXCEPTION_CAUSES,
  ATTR_EXCEPTION_FRAME,
  ATTR_EXCEPTION_MEMBERS,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_EXPERIMENT,
  ATTR_FEEDBACK_DIRECTION,
  ATTR_FEEDBACK_IDENTIFIER,
  ATTR_FEEDBACK_SCALE,
  ATTR_FEEDBACK_SOURCE,
  ATTR_FEEDBACK_WEIGHT,
  ATTR_INPUT_FIDELITY,
  ATTR_INPUT_MIME_TYPE,
  ATTR_INPUT_VALUE,
  ATTR_INPUTS,
  ATTR_KIND,
  ATTR_OP,
  ATTR_OP_DESCRIPTION,
  ATTR_OP_OMITTED,
  ATTR_OP_ORDER,
  ATTR_OP_SIDE_EFFECTS,
  ATTR_OP_SOURCE_HASH,
  ATTR_OP_VOLATILE,
  ATTR_OPENINFERENCE_KIND,
  ATTR_OUTPUT_FIDELITY,
  ATTR_OUTPUT_FORM,
  ATTR_OUTPUT_HASH,
  ATTR_OUTPUT_MIME_TYPE,
  ATTR_OUTPUT_PIECES,
  ATTR_OUTPUT_UNDEFINED,
  ATTR_OUTPUT_VALUE,
  ATTR_REDACTED,
  ATTR_REPLAY,
  ATTR_REQUEST_HASH,
  ATTR_REQUEST_SETTINGS_HASH,
  ATTR_RESPONSE_BODY,
  ATTR_SESSION_ID,
  ATTR_TRIAL,
  type InputFidelity,
  LINK_HOW,
  LINK_POINTER,
  LINK_ROLE,
  type OutputFidelity,
  PREFIX_INPUT_HASH,
  PREFIX_INPUT_TEMPLATE,
  PREFIX_PARAM_DESCRIPTION,
  PREFIX_PARAM_KIND,
  PREFIX_PARAM_PROPENSITY,
  PREFIX_PARAM_SCHEMA,
  PREFIX_PARAM_TRAINABLE,
  PREFIX_PARAM_VALUE,
  PREFIX_PARAM_VERSION,
  SCHEMA_URL,
  SCOPE_NAME,
  type Trace2Kind,
} from './attributes.ts'
export { canonicalJson, type Json } from './canonical.ts'
export { codeFrameOf, markedLines, setCodeFrame } from './code-frame.ts'
export { counted, formatCount } from './counted.ts'
export { type Defined, defined } from './defined.ts'
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
