export { type OptoPrimeOptions, optoPrime } from './optoprime.ts'
export type { Strategy, StrategyTools, Suggestion } from './strategy.ts'
