export { type DecodedTraces, decodeTraces, type OtlpEncoding } from './decode.ts'
export { encodeTraces } from './encode-protobuf.ts'
export * from './model.ts'
export { type Transcoded, transcode } from './transcode/transcode.ts'
