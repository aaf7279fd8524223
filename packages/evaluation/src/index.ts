export * from './datasets/index.ts'
export { evaluationErrors } from './errors.ts'
export * from './gate/index.ts'
