export { type DemoOptions, type DemoProgress, type DemoResult, runDemo } from './loop/demo.ts'
export { demoRemedy } from './loop/remedies.ts'
