export * from './operating.ts'
export { type Random, seeded } from './random.ts'
export { type Pair, repeated, type Stream, type StreamName, streams } from './streams.ts'
