export {
  type Backward,
  type BackwardOptions,
  backward,
  type Landed,
  type Reached,
  type Targeted,
} from './backward.ts'
export type { Subgraph } from './subgraph.ts'
export type { Unreached, UnreachedReason } from './unreached.ts'
