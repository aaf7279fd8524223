export { baseOf } from '../prompt-names/index.ts'
export { canonicalRows } from './canonical-span.ts'
export {
  baseOfPrompt,
  type FoundPrompt,
  partUnnamed,
  type SpanPlace,
  SpanPlaces,
  unnamedIn,
} from './found-prompt.ts'
export { concernsRun, rowsOfLogs, type SpanNote } from './logs.ts'
export type { ToolCall } from './message-parts.ts'
export type { Message } from './messages.ts'
export { type ModelRequest, modelRequest, type ToolDefinition } from './model-request.ts'
export { isReadKey, keyFor } from './read-keys.ts'
export {
  type Block,
  blockText,
  readableBlocks,
  readableText,
  textWithoutPackaging,
} from './readable/index.ts'
export type {
  CanonicalSpan,
  Captured,
  FeedbackRow,
  InputRow,
  ParameterRow,
  ParameterUseRow,
  SpanRows,
  UnnamedPrompt,
} from './rows.ts'
export { UNREAD } from './unread-span.ts'
export { type UsedVersion, versionsUsed } from './uses.ts'
