export { evaluationErrors } from './errors.ts'
export * from './gate/index.ts'
export * from './experiments/index.ts'
export * from './report/index.ts'
