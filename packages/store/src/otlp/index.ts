export { attributesJson, isList, valueJson, writeAttributes } from './attribute-json.ts'
export {
  checkTraces,
  contentTypes,
  type DecodedTraces,
  decodeLogs,
  decodeTraces,
  eachSpan,
  encodingOf,
  type OtlpEncoding,
  type Signal,
  writtenIn,
} from './decode.ts'
export { encodeLogs, otlpAttributes, otlpValue } from './encode-json.ts'
export { encodeTraces } from './encode-protobuf.ts'
export { isGzip } from './foreign-bytes.ts'
export { anyValue, attributesOf, member, objectOf, textOf } from './json-values.ts'
export type { LogRecord } from './logs.ts'
export { eachField, embedded, int64, LENGTH_DELIMITED, readerOf } from './protobuf-reader.ts'
export type {
  AnyValue,
  Attributes,
  ResourceRecord,
  ScopeRecord,
  SpanEvent,
  SpanLink,
  SpanRecord,
} from './records.ts'
export * from './records.ts'
export { SpanRejection } from './rejection.ts'
export { TIME_END_NS } from './times.ts'
export { splitRequest } from './transcode/split.ts'
export { type Transcoded, transcode } from './transcode/transcode.ts'
