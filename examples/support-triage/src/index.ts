export { type DemoOptions, type DemoProgress, type DemoResult, runDemo } from './demo/demo.ts'
export { demoErrors } from './errors.ts'
export type { Scores } from './evaluation/evaluate.ts'
