export { type DemoResult, runDemo } from './loop/demo.ts'
export type { DemoOptions, DemoProgress } from './loop/options.ts'
export { demoRemedy } from './loop/remedies.ts'
