export { type DemoOptions, type DemoResult, runDemo } from './demo/demo.ts'
export type { Scores } from './evaluation/evaluate.ts'
