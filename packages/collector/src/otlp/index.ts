export { decodeTraces, type OtlpEncoding } from './decode.ts'
export { encodeTraces } from './encode-protobuf.ts'
export * from './model.ts'
export type { DecodedTraces } from './rejection.ts'
