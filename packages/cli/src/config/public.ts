/** What a configuration file imports as `trace2/config`: no more than types and small functions, so that it loads at once. */
export { defineConfig } from './define-config.ts'
export { contains, exactly, rubric } from './guide-definitions.ts'
export type {
  AgentSetting,
  BudgetSettings,
  GateConfig,
  GuideFunction,
  GuideSetting,
  LimitSettings,
  ModelConfig,
  ReplaySetting,
  Trace2Config,
} from './trace2-config.ts'
