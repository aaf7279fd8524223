export {
  type NamedStrategyOptions,
  type StrategyName,
  strategyNamed,
  strategyNames,
} from './by-name.ts'
export { type CandidatesOptions, candidates, type Variation } from './candidates.ts'
export { type MergeOptions, merge } from './merge.ts'
export { type OproOptions, opro } from './opro.ts'
export { type OptoPrimeOptions, optoPrime } from './optoprime.ts'
export type { Models, Strategy, StrategyTools, Suggestion } from './strategy.ts'
export { type TextGradOptions, textGrad } from './textgrad.ts'
export type { Evaluate } from './trial.ts'
