export {
  type Backward,
  type BackwardOptions,
  backward,
  type Reached,
  type TargetedFeedback,
} from './backward.ts'
export { type Propagator, propagate, type Through } from './propagate.ts'
export { type Scores, scorePropagator, sumOf } from './scores.ts'
export type { Subgraph } from './subgraph.ts'
export type { Unreached, UnreachedReason } from './unreached.ts'
