export type {
  AgentDefinition,
  AgentLimits,
  AgentRunner,
  TrialRun,
  TrialTask,
} from './agent.ts'
export { parametersUsed } from './spans/parameters-used.ts'
export { type ModelUsage, type Usage, usageOf } from './spans/usage.ts'
export { startAgent } from './start-agent.ts'
export { emptyAnswer, type TrialAgent, type TrialAnswer, type TrialRequest } from './trial-agent.ts'
