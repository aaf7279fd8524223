export { type DemoOptions, type DemoProgress, type DemoResult, runDemo } from './demo/demo.ts'
export { demoRemedy } from './demo/remedies.ts'
export { demoErrors } from './errors.ts'
export type { Scores } from './evaluation/evaluate.ts'
