export { decodeTraces, type OtlpEncoding } from './decode.ts'
export * from './model.ts'
export type { DecodedTraces } from './rejection.ts'
